// Where a web or mail address in running text ends. Only says how far it goes: the host parses an address again before it
// opens it. An address is bounded, and what was looked through once is not looked through again, so that no text takes long
// (CWE-1333); a longer one stays text.

/** In UTF-16 units, behind the scheme. */
const tooLong = 2_048;
const scheme = /(?:https?:\/\/|mailto:)/iuy;
/** A host, as far as it can be told before it is known where the address ends. */
const host = /^(?:\[[^\]]{0,64}\])?[^/?#\\()[\]{},;!]{0,300}/u;
/** Quotes of CJK and European text, ellipsis, full-width and ideographic punctuation: no space follows them. */
const closing = "“”„«»…‥、。〈-】〔-〟！（），．：；？［］｛｝｟-･";
const stop = new RegExp(String.raw`[\s<>"'\u0060${closing}]`, "gu");
const openingOf: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** May end an address earlier than it could go, between `from` and `to`, both offsets into the text. */
export type Cut = (from: number, to: number) => number;

/**
 * Where the address ends that begins at `start`, before `limit`; undefined where none does. What closes the sentence around
 * it is not part of it: full stops, and brackets that were not opened in it.
 */
export function addressEnd(text: string, start: number, limit: number, cut: Cut): number | undefined {
  scheme.lastIndex = start;
  const from = start + (scheme.exec(text)?.[0].length ?? 0);
  const longest = from === start ? start : stopBehind(text, from);
  if (longest === from || longest - from >= tooLong || !hasHost(text.slice(start, longest))) return undefined;
  const end = withoutTrailing(text, from, cut(from, labelEnd(text, from, Math.min(longest, limit))));
  return end > from && URL.canParse(text.slice(start, end)) ? end : undefined;
}

/** Tells most of what cannot be read without looking through all of it. */
function hasHost(address: string): boolean {
  const [before = ""] = /^https?:\/\//iu.exec(address) ?? [];
  const named = host.exec(address.slice(before.length))?.[0].replace(/[.:]{1,300}$/u, "") ?? "";
  return before === "" || URL.canParse(before + named);
}

let looked = { text: "", from: 0, to: 0 };

/** The first character that no address has, or the end of the text. */
function stopBehind(text: string, from: number): number {
  if (looked.text === text && looked.from <= from && from <= looked.to) return looked.to;
  stop.lastIndex = from;
  looked = { text, from, to: stop.exec(text)?.index ?? text.length };
  return looked.to;
}

/** Before `](`, unless the bracket was opened in the address: there the words of a link end. */
function labelEnd(text: string, from: number, to: number): number {
  let open = 0;
  for (let at = from; at < to; at += 1) {
    if (text[at] === "[") open += 1;
    else if (text[at] === "]") {
      if (open === 0 && text[at + 1] === "(") return at;
      open = Math.max(0, open - 1);
    }
  }
  return to;
}

function withoutTrailing(text: string, from: number, to: number): number {
  const counts = new Map<string, number>();
  for (let at = from; at < to; at += 1) {
    const unit = text.charAt(at);
    if ("()[]{}".includes(unit)) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  let end = to;
  for (; end > from; end -= 1) {
    const last = text.charAt(end - 1);
    const opening = openingOf[last];
    const closed = counts.get(last) ?? 0;
    if (opening === undefined ? !".,;:!?\\".includes(last) : closed <= (counts.get(opening) ?? 0)) break;
    counts.set(last, closed - 1);
  }
  return end;
}
