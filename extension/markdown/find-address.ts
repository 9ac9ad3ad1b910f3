// Finds the end of a web or mail address in running text. The host parses the address again before it opens it. The length
// is bounded and nothing is scanned twice, so no text takes long (CWE-1333); a longer address stays text.

/** In UTF-16 units, after the scheme. */
const maxLength = 2_048;
const scheme = /(?:https?:\/\/|mailto:)/iuy;
/** The host, as far as it can be found before the end of the address is known. */
const host = /^(?:\[[^\]]{0,64}\])?[^/?#\\()[\]{},;!]{0,300}/u;
/** CJK and European quotes, ellipsis, full-width and ideographic punctuation: no space follows them. */
const closing = "“”„«»…‥、。〈-】〔-〟！（），．：；？［］｛｝｟-･";
const stop = new RegExp(String.raw`[\s<>"'\u0060${closing}]`, "gu");
const openingOf: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** May end an address early, between `from` and `to`. Both are offsets into the text. */
export type Cut = (from: number, to: number) => number;

/**
 * Returns the end of the address that starts at `start`, before `limit`; undefined if there is none. Punctuation of the
 * surrounding sentence is not part of it: full stops, and closing brackets that were not opened in it.
 */
export function addressEnd(text: string, start: number, limit: number, cut: Cut): number | undefined {
  scheme.lastIndex = start;
  const from = start + (scheme.exec(text)?.[0].length ?? 0);
  const longest = from === start ? start : stopBehind(text, from);
  if (longest === from || longest - from >= maxLength || !hasHost(text.slice(start, longest))) return undefined;
  const end = withoutTrailing(text, from, cut(from, labelEnd(text, from, Math.min(longest, limit))));
  return end > from && URL.canParse(text.slice(start, end)) ? end : undefined;
}

/** Rejects most invalid addresses without scanning all of them. */
function hasHost(address: string): boolean {
  const [before = ""] = /^https?:\/\//iu.exec(address) ?? [];
  const named = host.exec(address.slice(before.length))?.[0].replace(/[.:]{1,300}$/u, "") ?? "";
  return before === "" || URL.canParse(before + named);
}

let scanned = { text: "", from: 0, to: 0 };

/** Returns the first character that no address contains, or the end of the text. */
function stopBehind(text: string, from: number): number {
  if (scanned.text === text && scanned.from <= from && from <= scanned.to) return scanned.to;
  stop.lastIndex = from;
  scanned = { text, from, to: stop.exec(text)?.index ?? text.length };
  return scanned.to;
}

/** Returns the end before `](`, unless the bracket was opened in the address: the text of a link ends there. */
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
