// Finds web and mail addresses in a text. Only marks them: the host parses an address again before it opens it. An address
// is bounded, so that no text takes long (CWE-1333); a longer one stays text.

export type Segment =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "link"; readonly text: string };

const address = /\b(?:https?:\/\/|mailto:)[^\s<>"'`]{1,2048}/giu;
const tooLong = 2_048;
const brackets: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

export function linkify(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    const link = withoutTrailing(match[0]);
    if (match[0].length >= tooLong || !URL.canParse(link)) continue;
    if (match.index > at) segments.push({ kind: "text", text: text.slice(at, match.index) });
    segments.push({ kind: "link", text: link });
    at = match.index + link.length;
  }
  if (at < text.length) segments.push({ kind: "text", text: text.slice(at) });
  return segments;
}

/** A full stop or a bracket that closes the sentence around an address is not part of it. */
function withoutTrailing(link: string): string {
  let end = link.length;
  for (; end > 0; end -= 1) {
    const last = link[end - 1] ?? "";
    const opening = brackets[last];
    const inside = link.slice(0, end - 1);
    const unbalanced = opening !== undefined && count(inside, opening) <= count(inside, last);
    if (!unbalanced && !".,;:!?*_~".includes(last)) break;
  }
  return link.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
