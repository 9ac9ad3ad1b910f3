import assert from "node:assert/strict";
import fc from "fast-check";
import { checkName, keyOfName } from "../../../protocol/names.ts";

const accepted = (raw: string) => checkName(raw).ok;

describe("user names", () => {
  it("have 1 to 64 code points [P-3.1]", () => {
    assert.deepEqual(["", "a", "a".repeat(64), "a".repeat(65)].map(accepted), [false, true, true, false]);
    assert.deepEqual(["👩".repeat(64), "👩".repeat(65)].map(accepted), [true, false]);
    assert.equal(accepted("\ufb03".repeat(30)), false, "30 ligatures are 90 letters");
    assert.equal(accepted("x".repeat(1_000_000)), false);
  });

  it("hold nothing that hides, reorders or separates [P-3.1]", () => {
    const hidden = [
      " ",
      "\t",
      "\n",
      "\u0000",
      "\u007f",
      "\u0085",
      "\u00a0",
      "\u00ad",
      "\u061c",
      "\u200b",
      "\u200d",
      "\u200e",
    ];
    hidden.push("\u2028", "\u202e", "\u2066", "\u3000", "\ufeff", "\ud800", "\ue000", "\u{e0001}", "\u{f0000}");
    hidden.push("\u034f", "\u115f", "\u17b4", "\u180b", "\u2800", "\u3164", "\ufe0f", "\uffa0", "\u{e0100}");
    for (const character of hidden) {
      for (const raw of [`a${character}b`, `${character}a`, `a${character}`]) {
        assert.equal(accepted(raw), false, `U+${character.codePointAt(0)?.toString(16) ?? ""}`);
      }
    }
  });

  it("may be in any script [P-3.1]", () => {
    for (const name of ["alice", "Zoë", "Иван", "王小明", "محمد", "O'Neill", "x-1_2.3", "🦊", "constructor"])
      assert.ok(accepted(name), name);
  });

  it("are unique without regard to case and composition [P-3.1]", () => {
    for (const [a, b] of [
      ["Alice", "aLICE"],
      ["e\u0301", "\u00c9"],
      ["ﬃ", "FFI"],
      ["Ａ", "a"],
      ["İ", "i\u0307"],
    ] as const) {
      assert.equal(keyOfName(a), keyOfName(b), `${a} and ${b}`);
    }
  });

  it("are not words that an answer uses itself [P-3.1]", () => {
    for (const word of ["type", "id", "result", "__proto__", "RESULT", "ｉｄ"])
      assert.equal(accepted(word), false, word);
  });

  it("stay what they are when they are checked again, and so do their keys [P-3.1]", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (raw) => {
        const first = checkName(raw);
        if (!first.ok) return;
        const second = checkName(first.name);
        assert.deepEqual(second, first);
        assert.equal(keyOfName(first.key), first.key);
      }),
      { seed: 4, numRuns: 5_000 },
    );
  });
});
