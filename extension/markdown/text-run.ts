// Finds things in a run of plain text: names with an `@` (as protocol/text/mentions.ts finds them), emoji by their short
// names, and characters that hide or reorder the text around them, which are made visible. Every pattern is bounded.

import { piecesOf } from "../../protocol/text/hidden-characters.ts";
import { mentionsIn } from "../../protocol/text/mentions.ts";
import { emojiNamed } from "./emoji-names.ts";
import type { Inline, Names } from "./message-tree.ts";

const emojis = /:[a-z0-9_+-]{1,32}:/gu;
/** Characters that must not touch the colons of an emoji: `root:x:0`, `tokio::sync::watch` and `a:x:ro` stay. */
const touchesBefore = /[\p{L}\p{N}:]$/u;
const touchesBehind = /^[\p{L}\p{N}:]/u;

/** The text right before and right after. */
export interface Beside {
  readonly before: string;
  readonly behind: string;
}

export function drawnWords(text: string, names: Names, beside: Beside = { before: "", behind: "" }): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const { index, text: written, key } of mentionsIn(
    text,
    (each) => each === names.own || names.others.has(each),
  )) {
    parts.push(...plainPieces(text, at, index, beside), { kind: "mention", text: written, own: key === names.own });
    at = index + written.length;
  }
  return [...parts, ...plainPieces(text, at, text.length, beside)];
}

/** For a part of the text without mentions. */
function plainPieces(text: string, from: number, to: number, beside: Beside): Inline[] {
  let plain = "";
  let at = from;
  for (const { 0: written, index } of text.slice(from, to).matchAll(emojis)) {
    const emoji = emojiAt(text, from + index, written, beside);
    if (emoji === undefined) continue;
    plain += text.slice(at, from + index) + emoji;
    at = from + index + written.length;
  }
  return piecesOf(plain + text.slice(at, to));
}

function emojiAt(text: string, index: number, written: string, { before, behind }: Beside): string | undefined {
  const end = index + written.length;
  // Any character fits into two units.
  if (touchesBefore.test(index === 0 ? before : text.slice(Math.max(0, index - 2), index))) return undefined;
  if (touchesBehind.test(end === text.length ? behind : text.slice(end, end + 2))) return undefined;
  return emojiNamed(written.slice(1, -1));
}
