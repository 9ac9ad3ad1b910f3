import assert from "node:assert/strict";
import fc from "fast-check";
import { checkName, checkNewName, keyOfName, nameComplaints, reservedNames } from "../../../protocol/names.ts";

const accepted = (raw: string) => checkName(raw).ok;
/** Why no account can be made with that name; undefined where one can. */
const complaint = (raw: string) => {
  const checked = checkNewName(raw);
  return checked.ok ? undefined : checked.reason;
};

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
      ["ΝΙΚΟΣ", "νικοσ"],
      ["ΝΙΚΟΣ", "νικος"],
      ["straße", "STRASSE"],
      ["STRAẞE", "strasse"],
      ["иван", "и\u1c80ан"],
      ["ᎠᏂ", "ꭰꮒ"],
      ["ᾳ", "ΑΙ"],
    ] as const) {
      assert.equal(keyOfName(a), keyOfName(b), `${a} and ${b}`);
    }
  });

  it("are not one where Turkish, accents or other letters make them two [P-3.1]", () => {
    for (const [a, b] of [
      ["kıng", "king"],
      ["José", "Jose"],
      ["всё", "все"],
    ] as const) {
      assert.notEqual(keyOfName(a), keyOfName(b), `${a} and ${b}`);
    }
  });

  it("are found by their beginnings in either case, a sigma at the end of one included [P-4.11]", () => {
    for (const [name, beginning] of [
      ["οδυσσέας", "ΟΔΥΣ"],
      ["οδυσσέας", "οδυς"],
      ["ΟΔΥΣΣΕΑΣ", "οδυσς"],
      ["straße", "STRAS"],
      ["Zoë", "ZO"],
    ] as const) {
      assert.ok(keyOfName(name).startsWith(keyOfName(beginning)), `${name} by ${beginning}`);
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

describe("names of new accounts", () => {
  it("may be in any script, and of symbols [P-3.1]", () => {
    for (const name of ["alice", "Zoë", "мария", "田中", "José", "محمد", "อำนาจ", "नरेन्द्र", "🦊", "-", "x-1_2.3", "C#"])
      assert.equal(complaint(name), undefined, name);
  });

  it("have something that shows [P-3.1]", () => {
    for (const name of ["\u0301", "\u0301x", "\u093ea", "\u20dd", "\u{1d165}a"])
      assert.equal(complaint(name), nameComplaints.marks, JSON.stringify(name));
    for (const blank of ["\ufffc", "\ufffd", "\u303f", "\u{1d159}", "\u{13441}", "\u{16fe4}", "\u2800"]) {
      for (const name of [blank, `a${blank}`, `${blank}a`]) {
        assert.equal(complaint(name), nameComplaints.forbidden, JSON.stringify(name));
      }
    }
  });

  it("have no character that is not assigned, of any plane [P-3.1]", () => {
    for (const code of [0x378, 0xfdd0, 0xfffe, 0xffff, 0x1fffe, 0x1ffff, 0x2ffff, 0x40000, 0xdffff, 0x10ffff]) {
      assert.equal(complaint(`a${String.fromCodePoint(code)}`), nameComplaints.forbidden, code.toString(16));
    }
  });

  it("have at most 4 accents in a row, wherever they stand [P-3.1]", () => {
    const below = "\u0323\u0331\u0332\u0333";
    assert.equal(complaint(`x${below}y${below}`), undefined);
    assert.equal(complaint(`x${below}\u0336`), nameComplaints.marks);
    assert.equal(complaint(`ax${"\u0336".repeat(60)}`), nameComplaints.marks);
  });

  it("mean nobody else: not everyone, a room or the server, in any spelling [P-3.1]", () => {
    for (const word of reservedNames) {
      for (const name of [
        word,
        word.toUpperCase(),
        word.replace(/./gu, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)),
      ])
        assert.equal(complaint(name), nameComplaints.official, name);
      assert.equal(complaint(`${word}s`), undefined);
    }
    for (const name of ["#general", "#", "＃x"]) assert.equal(complaint(name), nameComplaints.room, name);
    assert.equal(complaint("RESULT"), nameComplaints.reserved);
  });

  it("are held to more than those that are there already [P-3.1]", () => {
    for (const name of ["Everyone", "#x", "\u0301x", "a\uffff"]) assert.ok(accepted(name), name);
  });

  it("that are taken are names, and stay what they are [P-3.1]", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 12 }), (raw) => {
        const checked = checkNewName(raw);
        if (checked.ok) assert.deepEqual([checkName(checked.name), checkNewName(checked.name)], [checked, checked]);
      }),
      { seed: 5, numRuns: 5_000 },
    );
  });
});
