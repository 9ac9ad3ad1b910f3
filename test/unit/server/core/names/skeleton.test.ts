import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { keyOfName } from "../../../../../protocol/names.ts";
import { skeletonOf, skeletonsOf } from "../../../../../server/core/names/skeleton.ts";

const alike = (one: string, other: string): boolean => {
  const looks = skeletonsOf(other);
  return skeletonsOf(one).some((each) => looks.includes(each));
};

describe("names that look alike", () => {
  it("are those with letters of other scripts, other letters, and letters without a dot [P-3.1]", () => {
    for (const [name, fake] of [
      ["alice", "аlice"],
      ["alice", "αlice"],
      ["alice", "ali\u0307ce"],
      ["alice", "ɑlice"],
      ["victim", "viсtim"],
      ["victim", "vıctim"],
      ["king", "kıng"],
      ["john", "ȷohn"],
      ["paypal", "pаypаl"],
      ["paypal", "paypaӏ"],
      ["mike", "rnike"],
      ["bob", "b0b"],
      ["bob", "Ƅob"],
      ["алиса", "aлиca"],
      ["工藤", "エ藤"],
      ["o'neill", "o’neill"],
    ] as const) {
      assert.notEqual(keyOfName(name), keyOfName(fake));
      assert.ok(alike(name, fake), `${name} and ${fake}`);
    }
  });

  it("are looked at in both cases, whichever of the two was there first [P-3.1]", () => {
    for (const [name, fake] of [
      ["paypal", "paypaI"],
      ["PayPal", "PaypaI"],
      ["Ivan", "lvan"],
      ["ivan", "Іvan"],
      ["Ivan", "іvan"],
      ["IRIS", "lRlS"],
      ["Bob", "Воb"],
      ["HATO", "НАТО"],
      ["BOB", "b0B"],
      ["NIKOS", "ΝΙΚΟЅ"],
    ] as const) {
      assert.ok(alike(name, fake), `${name} and ${fake}`);
      assert.ok(alike(fake, name), `${fake} and ${name}`);
      assert.ok(alike(name.toLowerCase(), fake) || alike(name.toUpperCase(), fake));
    }
  });

  it("are not those of different people, in any script [P-3.1]", () => {
    const people = [
      "alice",
      "Elia",
      "Ella",
      "Delia",
      "Della",
      "Celia",
      "Jose",
      "José",
      "Zoe",
      "Zoë",
      "Anna",
      "Ana",
      "Hannah",
    ];
    people.push(
      "мария",
      "Марина",
      "Вова",
      "Boba",
      "Лена",
      "Олена",
      "νίκος",
      "νικόλας",
      "田中",
      "田村",
      "中田",
      "佐藤",
      "김민준",
    );
    people.push(
      "محمد",
      "محمود",
      "דוד",
      "דויד",
      "अनिता",
      "अमिता",
      "Müller",
      "Muller",
      "Mueller",
      "Søren",
      "Soren",
      "x1",
      "x2",
    );
    for (const [at, one] of people.entries()) {
      for (const other of people.slice(at + 1)) assert.equal(alike(one, other), false, `${one} and ${other}`);
    }
  });

  it("are told by the stored skeleton for every spelling of a name [P-3.1]", () => {
    for (const [one, other] of [
      ["Alice", "aLICE"],
      ["STRASSE", "straße"],
      ["ΝΙΚΟΣ", "νικος"],
      ["é", "e\u0301"],
      ["ﬁn", "FIN"],
    ] as const) {
      assert.equal(skeletonOf(one), skeletonOf(other), `${one} and ${other}`);
      assert.equal(skeletonsOf(one)[0], skeletonOf(one));
    }
  });

  it("are told the same with and without a letter beyond ASCII beside them", () => {
    for (let code = 0x21; code < 0x7f; code += 1) {
      const character = String.fromCharCode(code);
      assert.deepEqual(
        skeletonsOf(`${character}ж`).map((each) => each.slice(0, -1)),
        skeletonsOf(character),
        character,
      );
    }
  });
});

describe("the table of what looks alike", () => {
  it("is the one that its script makes of Unicode's", () => {
    const checked = spawnSync(process.execPath, ["scripts/confusables.ts", "--check"], { encoding: "utf8" });
    assert.deepEqual([checked.status, checked.stderr], [0, ""]);
  });
});
