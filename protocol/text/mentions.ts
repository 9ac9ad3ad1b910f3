// Finds whom a text mentions: `@` and a name, in any spelling with the same key [P-3.1]. One rule for both the notification
// and the page. Code, quotations and addresses mention nobody; an `@` inside a word is an e-mail address. In scripts that
// are written without spaces, the text may go on directly after a name. Linear in the length of the text.

import { limits } from "../limits.ts";
import { keyOfName } from "../names.ts";
import type { UserKey } from "../ids.ts";

export interface Mention {
  readonly index: number;
  /** With the `@`. */
  readonly text: string;
  readonly key: UserKey;
}

const signs = /[@＠﹫]/gu;
/** As many UTF-16 units as a name can have. */
const maxTyped = 2 * limits.maxNameCharacters;
const typed = new RegExp(String.raw`^[^\s@＠﹫]{1,${maxTyped}}`, "u");
const word = /[\p{L}\p{N}\p{M}]/u;
/** Between two parts of a word these belong to it, as in `@a.b`, `a+b@c` and `@scope/package`. */
const joiner = /[._+/\\-]/u;
const spaceless =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]/u;
const mark = /\p{M}/u;
const emojiStyle = "\ufe0f";

/** Finds mentions in plain text. @param isName whether somebody has the name with that key */
export function* mentionsIn(text: string, isName: (key: UserKey) => boolean): Generator<Mention> {
  let end = 0;
  for (const { index } of text.matchAll(signs)) {
    if (index < end) continue;
    const found = mentionAt(text, index, isName);
    if (found === undefined) continue;
    end = index + found.text.length;
    yield found;
  }
}

/** Yields the keys of everything that may be a name after an `@`, in code too. */
export function* keysWrittenIn(text: string): Generator<UserKey> {
  for (const { index } of text.matchAll(signs)) {
    for (const name of candidates(text, index)) yield keyOfName(name);
  }
}

/** Whether the text of a message mentions the person of that name. */
export function namesPerson(text: string, user: string): boolean {
  if (user === "" || text.search(signs) === -1) return false;
  const own = keyOfName(user);
  return !mentionsIn(ownWords(text), (key) => key === own).next().done;
}

function mentionAt(text: string, index: number, isName: (key: UserKey) => boolean): Mention | undefined {
  for (const name of candidates(text, index)) {
    const key = keyOfName(name);
    if (isName(key)) return { index, text: text.slice(index, index + 1 + name.length), key };
  }
  return undefined;
}

/** Yields what may be the name after the `@` there, the longest first. */
function* candidates(text: string, index: number): Generator<string> {
  if (isInWord(text, index)) return;
  const run = typed.exec(text.slice(index + 1, index + 1 + maxTyped))?.[0] ?? "";
  const characters = Array.from(run);
  let end = run.length;
  for (let at = characters.length; at > 0; at -= 1) {
    if (endsAt(characters, at)) yield run.slice(0, end);
    end -= characters[at - 1]?.length ?? 1;
  }
}

function isInWord(text: string, index: number): boolean {
  const before = Array.from(text.slice(Math.max(0, index - 2), index)).at(-1) ?? "";
  return (
    before !== "" && (joiner.test(before) || /[@＠﹫]/u.test(before) || (word.test(before) && !spaceless.test(before)))
  );
}

/** Whether a name can end before the character at that position. */
function endsAt(characters: readonly string[], at: number): boolean {
  const [last = "", next = "", behind = ""] = characters.slice(at - 1, at + 2);
  if (next === "" || next === emojiStyle) return true;
  if (mark.test(next)) return false;
  if (joiner.test(next)) return !goesOn(behind);
  return !goesOn(next) || spaceless.test(last) || !(word.test(last) || joiner.test(last));
}

function goesOn(character: string): boolean {
  return word.test(character) && !spaceless.test(character);
}

const fence = /^(?:\s|[-*+]\s|\d{1,9}[.)]\s)*(`{3,}|~{3,})/u;
const quote = /^(?:\s|[-*+]\s|\d{1,9}[.)]\s)*>/u;
const listItem = /^\s{0,8}(?:[-*+]|\d{1,9}[.)])\s/u;
const indented = /^(?: {4}|\t| {1,3}\t)/u;
const addresses = /(?:(?<![a-z\d])[a-z][a-z\d+.-]{0,31}:\/\/|\bwww\.|\bmailto:|\]\()[^\s，。、；：！？（）「」]*/giu;

/** What the authors say themselves in a message that may be Markdown; the rest is blank. */
export function ownWords(text: string): string {
  const kept: string[] = [];
  let open: string | undefined;
  let inList = false;
  let mayBeCode = true;
  for (const line of text.split(/\r\n|\n|\r/u)) {
    const [, run = ""] = fence.exec(line) ?? [];
    if (open !== undefined) {
      const closes = run.startsWith(open) && line.trim() === run;
      if (closes) open = undefined;
      kept.push("");
      continue;
    }
    if (run !== "" && !(run.startsWith("`") && line.slice(line.indexOf(run) + run.length).includes("`"))) open = run;
    const isBlank = line.trim() === "";
    if (!isBlank) inList = listItem.test(line) || (inList && /^\s/u.test(line));
    const isCode: boolean = mayBeCode && !inList && indented.test(line);
    kept.push(open !== undefined || isCode || quote.test(line) ? "" : line);
    mayBeCode = isBlank || isCode;
  }
  const paragraphs = kept.join("\n").split(/\n(?=\s*\n)/u);
  return paragraphs.map(withoutCode).join("\n").replace(addresses, " ");
}

/** Removes spans of code: from a run of backticks to the next one of the same length. */
function withoutCode(text: string): string {
  const runs = Array.from(text.matchAll(/`+/gu), ({ 0: run, index }) => ({ index, length: run.length }));
  const byLength = Map.groupBy(runs, ({ length }) => length);
  let result = "";
  let at = 0;
  for (const { index, length } of runs) {
    const alike = byLength.get(length) ?? [];
    alike.shift();
    if (index < at || /(?<!\\)(?:\\\\)*\\$/u.test(text.slice(Math.max(0, index - 8), index))) continue;
    const [closing] = alike;
    if (closing === undefined) continue;
    result += `${text.slice(at, index)} `;
    at = closing.index + length;
  }
  return result + text.slice(at);
}
