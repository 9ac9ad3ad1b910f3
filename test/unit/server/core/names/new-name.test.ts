import assert from "node:assert/strict";
import { nameComplaints, reservedNames } from "../../../../../protocol/names.ts";
import { checkNewAccountName, looksLikeAnother } from "../../../../../server/core/names/new-name.ts";
import type { Account } from "../../../../../server/core/ports.ts";
import { skeletonsOf } from "../../../../../server/core/names/skeleton.ts";

const complaint = (raw: string): string | undefined => {
  const checked = checkNewAccountName(raw);
  return checked.ok ? undefined : checked.reason;
};

describe("the name of a new account", () => {
  it("neither is nor looks like a word that means everybody, a room or the server [P-3.1]", () => {
    for (const word of reservedNames) assert.equal(complaint(word), nameComplaints.official, word);
    for (const name of ["Everyone", "еveryone", "ｓｅｒｖｅｒ", "syѕtem", "EVERY0NE", "r00m", "aII", "а11", "hеre"])
      assert.equal(complaint(name), nameComplaints.official, name);
    for (const name of ["type", "tyре", "іd", "rеsult"]) assert.equal(complaint(name), nameComplaints.reserved, name);
    for (const name of ["#x", "＃x"]) assert.equal(complaint(name), nameComplaints.room, name);
  });

  it("is otherwise what a name may be, with its key and its skeletons [P-3.1]", () => {
    assert.deepEqual(checkNewAccountName("PaypaI"), {
      ok: true,
      name: "PaypaI",
      key: "paypai",
      skeletons: ["paypai", "paypal"],
    });
    assert.equal(complaint("\u0301x"), nameComplaints.marks);
    assert.equal(complaint("мария"), undefined);
  });

  it("looks like another's by any of the ways in which it looks [P-3.1]", () => {
    const account = {} as Account;
    const accounts = {
      lookAlike: (skeleton: string) => (skeletonsOf("Ivan").includes(skeleton) ? account : undefined),
    };
    const like = (raw: string): boolean => {
      const checked = checkNewAccountName(raw);
      return checked.ok && looksLikeAnother(accounts, checked);
    };
    assert.deepEqual(["lvan", "іvan", "IVАN", "Evan", "ivana"].map(like), [true, true, true, false, false]);
  });
});
