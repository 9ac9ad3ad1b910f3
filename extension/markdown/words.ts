// What is found inside a run of plain text: names with an `@`, emoji by their short names, and characters that hide or
// reorder what stands around them, which become visible. Every pattern is bounded.

import { piecesOf } from "../../protocol/hidden-characters.ts";
import { keyOfName } from "../../protocol/names.ts";
import { emojiNamed } from "./emoji.ts";
import type { Inline, Names } from "./tree.ts";

type Mention = Extract<Inline, { kind: "mention" }>;

const nameOrEmoji = /(?<![\p{L}\p{N}@._-])@[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]{0,63}|:[a-z0-9_+-]{1,32}:/gu;
/** What no colon of an emoji touches: `root:x:0`, `tokio::sync::watch` and `a:x:ro` stay. */
const touchesBefore = /[\p{L}\p{N}:]$/u;
const touchesBehind = /^[\p{L}\p{N}:]/u;

/** What is seen right before and right behind a text. */
export interface Beside {
  readonly before: string;
  readonly behind: string;
}

export function drawnWords(text: string, names: Names, beside: Beside = { before: "", behind: "" }): Inline[] {
  const parts: Inline[] = [];
  let plain = "";
  let at = 0;
  for (const { 0: written, index } of text.matchAll(nameOrEmoji)) {
    const mention = written.startsWith("@") ? mentionOf(written, names) : undefined;
    const emoji = written.startsWith(":") ? emojiAt(text, index, written, beside) : undefined;
    if (mention === undefined && emoji === undefined) continue;
    plain += text.slice(at, index) + (emoji ?? "");
    at = index + (mention?.text ?? written).length;
    if (mention === undefined) continue;
    parts.push(...piecesOf(plain), mention);
    plain = "";
  }
  return [...parts, ...piecesOf(plain + text.slice(at))];
}

/** Keys of all that may be a name behind an `@` in a text, in code too. */
export function* namesWrittenIn(text: string): Generator<string> {
  for (const [written] of text.matchAll(nameOrEmoji)) {
    if (written.startsWith("@")) for (const name of candidates(written)) yield keyOfName(name.slice(1));
  }
}

/** The longest name that fits. */
function mentionOf(written: string, names: Names): Mention | undefined {
  for (const text of candidates(written)) {
    const key = keyOfName(text.slice(1));
    if (key === names.own) return { kind: "mention", text, own: true };
    if (names.others.has(key)) return { kind: "mention", text, own: false };
  }
  return undefined;
}

/** A full stop behind a name may be part of it, or end the sentence. */
function* candidates(written: string): Generator<string> {
  for (let text = written; text.length > 1; text = text.slice(0, -1)) {
    yield text;
    if (!/[._-]$/u.test(text)) return;
  }
}

function emojiAt(text: string, index: number, written: string, { before, behind }: Beside): string | undefined {
  const end = index + written.length;
  // Two units hold any character.
  if (touchesBefore.test(index === 0 ? before : text.slice(Math.max(0, index - 2), index))) return undefined;
  if (touchesBehind.test(end === text.length ? behind : text.slice(end, end + 2))) return undefined;
  return emojiNamed(written.slice(1, -1));
}
