// Finds `@name` around a position in a text. Pure. A name ends at white space at the latest. Whether the characters before
// that belong to it (`@alice.` or `@alice.b`?) only the list of names can tell.

import { keyOfName } from "../../protocol/names.ts";

/** The longest name, in UTF-16 units. */
const maxTyped = 128;
const reach = 2 * maxTyped;
const atStartOfWord = String.raw`(?<![\p{L}\p{N}\p{M}_.@])@`;
const beingWritten = new RegExp(String.raw`${atStartOfWord}([^\s@]{0,${maxTyped}})$`, "u");
const written = new RegExp(String.raw`${atStartOfWord}([^\s@]{1,${maxTyped}})`, "gu");

export interface Place {
  /** Offsets into the text. */
  readonly from: number;
  readonly to: number;
}

/** Returns the text typed between the `@` and `offset`, with its place; undefined if no name is being written. */
export function mentionBefore(text: string, offset: number): (Place & { readonly typed: string }) | undefined {
  const typed = beingWritten.exec(text.slice(Math.max(0, offset - reach), offset))?.[1];
  return typed === undefined ? undefined : { from: offset - typed.length, to: offset, typed };
}

/** Returns the longest known name after an `@` around `offset`. The place includes the `@`. */
export function mentionAt<T>(
  text: string,
  offset: number,
  byKey: (key: string) => T | undefined,
): (Place & { readonly mentioned: T }) | undefined {
  const start = Math.max(0, offset - reach);
  for (const match of text.slice(start, offset + reach).matchAll(written)) {
    const from = start + match.index;
    const word = match[1] ?? "";
    if (offset < from || offset > from + 1 + word.length) continue;
    for (let length = word.length; length > 0 && offset <= from + 1 + length; length--) {
      const mentioned = byKey(keyOfName(word.slice(0, length)));
      if (mentioned !== undefined) return { from, to: from + 1 + length, mentioned };
    }
  }
  return undefined;
}
