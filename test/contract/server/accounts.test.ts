// What accounts and blocks do, whoever implements them: one suite over all of them.

import assert from "node:assert/strict";
import { skeletonOf, skeletonsOf } from "../../../server/core/names/skeleton.ts";
import type { Account } from "../../../server/core/ports.ts";
import { implementations, newAccount } from "./implementations.ts";
import type { Implementation } from "./implementations.ts";

for (const { name, create } of implementations) {
  describe(`accounts and blocks ${name}`, () => {
    let made: Implementation;

    beforeEach(() => {
      made = create();
    });
    afterEach(() => made.dispose());

    const names = (accounts: Iterable<Account>) => Array.from(accounts, (account) => account.name as string);
    const listed = (prefix = "", after = "") => names(made.accounts.list(prefix, after));

    it("find an account under any spelling, with its password [P-3.1]", async () => {
      const found = await made.account("Ömer");
      assert.deepEqual([found.name, found.key], ["Ömer", "ömer"]);
      assert.deepEqual(made.accounts.find("ÖMER"), found);
      assert.deepEqual(made.accounts.get(found.id), found);
      assert.equal(made.accounts.passwordOf(found), "hash");
      assert.equal(made.accounts.find("nobody"), undefined);
    });

    it("give a name once, also to two who ask at the same time", async () => {
      const both = [1, 2].map(() => made.accounts.create(newAccount("alice")));
      assert.deepEqual((await Promise.all(both)).sort(), ["taken", "written"]);
    });

    it("give no name that looks like another one [P-3.1]", async () => {
      const alice = await made.account("alice");
      const cyrillic = "\u0430lice";
      assert.deepEqual(made.accounts.lookAlike(skeletonOf(cyrillic)), alice);
      assert.equal(await made.accounts.create(newAccount(cyrillic)), "looks_alike");
      assert.equal(made.accounts.find(cyrillic), undefined);
      // As they are written, whichever comes first.
      for (const names of [
        ["PayPaI", "paypal"],
        ["king", "kıng"],
        ["bob0", "BobO"],
      ]) {
        const racing = names.map((each) => made.accounts.create(newAccount(each)));
        assert.deepEqual((await Promise.all(racing)).sort(), ["looks_alike", "written"], names.join());
        const [first = ""] = names;
        for (const each of skeletonsOf(first)) assert.equal(made.accounts.lookAlike(each)?.name, first);
      }
    });

    it("make as many accounts with an invitation as it is good for, however they race [P-4.10]", async () => {
      const invite = await made.invite(3);
      assert.equal(await made.accounts.isInvited(invite), true);
      const racing = ["a", "A", "b", "c", "d", "e"].map((each) => made.accounts.create(newAccount(each), invite));
      const outcomes = (await Promise.all(racing)).sort();
      assert.deepEqual(outcomes, ["bad_invite", "bad_invite", "taken", "written", "written", "written"]);
      assert.equal(await made.accounts.isInvited(invite), false);
      assert.equal(listed().length, 3);
      assert.equal(await made.accounts.isInvited("unknown"), false);
    });

    it("do not use an invitation up if the account cannot be stored [P-4.10]", async () => {
      const invite = await made.invite(1);
      made.breakDisk(true);
      assert.equal(await made.accounts.create(newAccount("alice"), invite), "failed");
      made.breakDisk(false);
      assert.equal(await made.accounts.create(newAccount("alice"), invite), "written");
    });

    it("store a password anew only in place of the one that was checked", async () => {
      const account = await made.account("alice");
      made.accounts.rehash(account, "another", "wrong");
      await made.settled();
      assert.equal(made.accounts.passwordOf(account), "hash");
      made.accounts.rehash(account, "hash", "dearer");
      await made.settled();
      assert.equal(made.accounts.passwordOf(account), "dearer");
    });

    it("name somebody's password for an unknown name, the same each time, and not one for all", async () => {
      assert.equal(made.accounts.anyPassword("x"), undefined);
      await made.accounts.create({ ...newAccount("handmade"), password: "none that can be checked" });
      assert.equal(made.accounts.anyPassword("x"), undefined);
      for (let each = 0; each < 40; each += 1) {
        await made.accounts.create({ ...newAccount(`u${each}`), password: `$hash ${each}` });
      }
      const chosen = Array.from({ length: 100 }, (_, seed) => made.accounts.anyPassword(`${seed}`) ?? "");
      assert.ok(new Set(chosen).size > 5);
      for (const password of chosen) assert.match(password, /^\$hash \d+$/);
      const again = Array.from({ length: 100 }, (_, seed) => made.accounts.anyPassword(`${seed}`) ?? "");
      assert.deepEqual(again, chosen);
    });

    it("list in the order of the keys, from a prefix, after a name [P-4.11]", async () => {
      for (const each of ["bob", "Alice", "carl", "Bea", "éva"]) await made.account(each);
      assert.deepEqual(listed(), ["Alice", "Bea", "bob", "carl", "éva"]);
      assert.deepEqual(listed("b"), ["Bea", "bob"]);
      assert.deepEqual(listed("b", "bea"), ["bob"]);
      assert.deepEqual(listed("", "bzz"), ["carl", "éva"]);
      assert.deepEqual(listed("b", "a"), ["Bea", "bob"]);
      assert.deepEqual(listed("b", "c"), []);
      assert.deepEqual(listed("zz"), []);
    });

    it("block one way, and take it back [P-4.5, P-4.6]", async () => {
      const [alice, bob] = [await made.account("alice"), await made.account("bob")];
      assert.equal(await made.blocks.put(alice.id, bob.id), "written");
      assert.deepEqual([made.blocks.has(alice.id, bob.id), made.blocks.has(bob.id, alice.id)], [true, false]);
      assert.deepEqual([made.blocks.isBlocked(alice.id), made.blocks.isBlocked(bob.id)], [false, true]);
      assert.deepEqual(names(made.blocks.of(alice.id)), ["bob"]);
      assert.equal(await made.blocks.remove(alice.id, bob.id), "written");
      assert.deepEqual([made.blocks.has(alice.id, bob.id), made.blocks.isBlocked(bob.id)], [false, false]);
      assert.deepEqual(names(made.blocks.of(alice.id)), []);
    });

    it("list blocks in the order of the keys, after a name [P-4.12]", async () => {
      const alice = await made.account("alice");
      for (const each of ["zoe", "Bob", "carl"]) {
        await made.blocks.put(alice.id, (await made.account(each)).id);
      }
      assert.deepEqual(names(made.blocks.of(alice.id)), ["Bob", "carl", "zoe"]);
      assert.deepEqual(names(made.blocks.of(alice.id, "bob")), ["carl", "zoe"]);
      assert.deepEqual(names(made.blocks.of(alice.id, "zz")), []);
    });

    it("know nothing of a removed account, and take a later one of that name for another [P-3.7]", async () => {
      const [alice, bob, carol] = [await made.account("alice"), await made.account("bob"), await made.account("carol")];
      await made.blocks.put(alice.id, bob.id);
      await made.blocks.put(bob.id, carol.id);
      await made.removeAccount(bob);
      assert.deepEqual([made.accounts.find("bob"), made.accounts.get(bob.id)], [undefined, undefined]);
      assert.deepEqual([listed(), names(made.blocks.of(alice.id))], [["alice", "carol"], []]);
      assert.deepEqual([made.blocks.isBlocked(bob.id), made.blocks.isBlocked(carol.id)], [false, false]);
      assert.equal(made.accounts.lookAlike("bob"), undefined);
      const later = await made.account("bob");
      assert.notEqual(later.id, bob.id);
      assert.notEqual(later.publicId, bob.publicId);
      assert.deepEqual([made.blocks.has(alice.id, later.id), names(made.blocks.of(later.id))], [false, []]);
    });

    it("fail as a whole while the disk fails", async () => {
      const [alice, bob] = [await made.account("alice"), await made.account("bob")];
      made.breakDisk(true);
      assert.equal(await made.accounts.create(newAccount("carol")), "failed");
      assert.equal(await made.blocks.put(alice.id, bob.id), "failed");
      made.breakDisk(false);
      assert.equal(made.accounts.find("carol"), undefined);
      assert.equal(made.blocks.has(alice.id, bob.id), false);
    });
  });
}
