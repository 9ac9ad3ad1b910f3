// The search against a slow one that is written down from what it promises, over a small alphabet that has a letter of each
// kind. What the two disagree about is a fault of one of them.

import assert from "node:assert/strict";
import fc from "fast-check";
import { holds, phrasesOf, placesOf } from "../../../../protocol/search/query.ts";

const letters = [
  "a",
  "B",
  "b",
  "C",
  "1",
  "2",
  "é",
  "É",
  "ß",
  "_",
  "-",
  "'",
  ".",
  " ",
  "(",
  "今",
  "天",
  "🎉",
  "👍🏽",
  "👍",
];

/** A word: what stands between spaces and signs, with what its joiners and the cases of its letters make of it. */
interface Word {
  readonly text: string;
  readonly kind: "words" | "unspaced" | "symbol";
  readonly beginnings: readonly string[];
}

/** Letters of a script without spaces make words of their own, which are as long as they go on. */
const word =
  /[今天](?:[-_']{0,3}[今天])*|[\p{L}\p{N}](?:[-_']{0,3}(?![今天])[\p{L}\p{N}])*|\p{Extended_Pictographic}\p{Emoji_Modifier}?/gu;

function wordsOf(text: string): Word[] {
  return (text.match(word) ?? []).map((found): Word => {
    if (/^\p{Extended_Pictographic}/u.test(found)) return { text: found.slice(0, 2), kind: "symbol", beginnings: [] };
    const kind = /^[今天]/u.test(found) ? "unspaced" : "words";
    return { text: folded(found), kind, beginnings: beginningsOf(found) };
  });
}

function folded(word: string): string {
  return word.replace(/[-_']/gu, "").toLowerCase().replaceAll("é", "e").replaceAll("ß", "ss");
}

/** What follows each place where a part begins. */
function beginningsOf(word: string): string[] {
  const places = Array.from(word).flatMap((_, at) => {
    const [before, here, next] = [word[at - 1] ?? "-", word[at] ?? "", word[at + 1] ?? ""];
    const begins =
      /[-_']/u.test(before) ||
      (/[a-zéß\d]/u.test(before) && /[A-ZÉ]/u.test(here)) ||
      /\d/u.test(before) !== /\d/u.test(here) ||
      (/[A-ZÉ]/u.test(before) && /[A-ZÉ]/u.test(here) && /[a-zéß]/u.test(next));
    return begins && !/[-_']/u.test(here) ? [at] : [];
  });
  return places.map((at) => folded(word.slice(at)));
}

function fits(word: Word, wanted: Word): boolean {
  if (word.kind !== wanted.kind) return false;
  if (word.kind === "symbol") return word.text === wanted.text;
  if (word.kind === "unspaced" || wanted.text.length >= 3) return word.text.includes(wanted.text);
  return word.beginnings.some((beginning) => beginning.startsWith(wanted.text));
}

function fitsInRow(words: readonly Word[], at: number, wanted: readonly Word[]): boolean {
  return wanted.every((each, offset) => {
    const word = words[at + offset];
    if (word?.kind !== each.kind) return false;
    if (word.kind === "symbol" || (offset > 0 && offset < wanted.length - 1)) return word.text === each.text;
    return offset === 0 ? word.text.endsWith(each.text) : word.text.startsWith(each.text);
  });
}

function reference(text: string, query: string): boolean {
  const words = wordsOf(text);
  const typed = query
    .split(" ")
    .map(wordsOf)
    .filter(({ length }) => length > 0);
  return (
    typed.length > 0 &&
    typed.every(([first, ...rest]) => {
      if (first === undefined) return true;
      if (rest.length === 0) return words.some((word) => fits(word, first));
      return words.some((_, at) => fitsInRow(words, at, [first, ...rest]));
    })
  );
}

const text = fc.array(fc.constantFrom(...letters), { maxLength: 24 }).map((parts) => parts.join(""));
const query = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 7 }).map((parts) => parts.join(""));
/** A text, and something that is likely to be in it. */
const pair = fc.oneof(
  fc.tuple(text, query),
  fc.tuple(text, fc.nat(20), fc.integer({ min: 1, max: 6 })).map(([whole, at, length]): [string, string] => {
    const characters = Array.from(whole);
    const start = Math.min(at, Math.max(0, characters.length - 1));
    return [whole, characters.slice(start, start + length).join("")];
  }),
);

describe("the search, beside a slow one", () => {
  it("finds the same", () => {
    fc.assert(
      fc.property(pair, ([whole, wanted]) => {
        const phrases = phrasesOf(wanted);
        assert.equal(
          phrases.length > 0 && holds(whole, phrases),
          reference(whole, wanted),
          JSON.stringify([whole, wanted]),
        );
      }),
      { numRuns: 20_000 },
    );
  });

  it("marks a place for all that it finds, and what is marked is found by itself", () => {
    fc.assert(
      fc.property(pair, ([whole, wanted]) => {
        const phrases = phrasesOf(wanted);
        const places = placesOf(whole, wanted);
        if (phrases.length > 0 && holds(whole, phrases)) assert.ok(places.length > 0);
        for (const { from, to } of places) {
          const marked = phrasesOf(whole.slice(from, to));
          assert.ok(marked.length > 0 && whole.slice(from, to).isWellFormed());
          assert.ok(phrases.some((each) => holds(whole.slice(from, to), [each])));
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
