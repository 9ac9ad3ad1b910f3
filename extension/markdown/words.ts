// What is found inside a run of plain text: addresses, names with an `@`, emoji by their short names, and characters that
// hide or reorder what stands around them (CVE-2021-42574), which become visible. Every pattern is bounded.

import { piecesOf } from "../../protocol/hidden-characters.ts";
import { emojiNamed } from "./emoji.ts";
import { linkify } from "./linkify.ts";
import { safeLink } from "./links.ts";
import type { Inline, Names } from "./tree.ts";

const short = /:[a-z0-9_+-]{1,32}:/gu;
const mention = /(?<![\p{L}\p{N}@._-])@[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]{0,63}/gu;

export function drawnWords(text: string, names: Names): Inline[] {
  return linkify(text).flatMap((segment): Inline[] =>
    segment.kind === "link" ? link(segment.text) : mentions(segment.text, names),
  );
}

function link(text: string): Inline[] {
  const url = safeLink(text);
  const children = piecesOf(text);
  return url === undefined ? children : [{ kind: "link", url, image: false, children }];
}

function mentions(text: string, names: Names): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(mention)) {
    const found = known(match[0], names);
    if (found === undefined) continue;
    parts.push(...piecesOf(withEmoji(text.slice(at, match.index))), found);
    at = match.index + found.text.length;
  }
  return [...parts, ...piecesOf(withEmoji(text.slice(at)))];
}

/** The longest name that fits: a full stop behind a name is not part of it. */
function known(written: string, names: Names): Extract<Inline, { kind: "mention" }> | undefined {
  for (let text = written; text.length > 1; text = text.slice(0, -1)) {
    const key = text.slice(1).normalize("NFKC").toLowerCase();
    if (key === names.own) return { kind: "mention", text, own: true };
    if (names.others.has(key)) return { kind: "mention", text, own: false };
    if (!/[._-]$/u.test(text)) return undefined;
  }
  return undefined;
}

function withEmoji(text: string): string {
  return text.includes(":") ? text.replace(short, (name) => emojiNamed(name.slice(1, -1)) ?? name) : text;
}
