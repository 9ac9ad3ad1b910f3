// What accounts, blocks and tokens do, in memory or on disk: one suite over all of them.

import assert from "node:assert/strict";
import { limits } from "../../../protocol/limits.ts";
import { checkName, keyOfName } from "../../../protocol/names.ts";
import type { Grant } from "../../../server/core/ports.ts";
import { implementations } from "./implementations.ts";
import type { Implementation } from "./implementations.ts";

for (const { name, create } of implementations) {
  describe(`accounts, blocks and tokens ${name}`, () => {
    let made: Implementation;

    beforeEach(() => {
      made = create();
    });
    afterEach(() => made.dispose());

    const grant = (account: number, added: Partial<Grant> = {}): Grant => ({
      account,
      address: "127.0.0.1",
      port: undefined,
      device: undefined,
      presence: false,
      acks: false,
      ...added,
    });
    const names = (prefix = "", after = "") => Array.from(made.accounts.list(prefix, after), (account) => account.name);

    it("finds an account under any spelling, with its password [P-3.1]", async () => {
      const id = await made.account("Ömer");
      const found = made.accounts.find(keyOfName("ÖMER"));
      assert.deepEqual(found, { id, name: "Ömer", key: "ömer" });
      assert.deepEqual(made.accounts.get(id), found);
      assert.equal(made.accounts.passwordOf(found), "hash");
      assert.equal(made.accounts.find(keyOfName("nobody")), undefined);
    });

    it("gives a name once, also to two who ask at the same time", async () => {
      const check = checkName("alice");
      assert.ok(check.ok);
      const both = [1, 2].map(() => made.accounts.create(check.name, check.key, "hash"));
      assert.deepEqual((await Promise.all(both)).sort(), ["taken", "written"]);
    });

    it("makes as many accounts with an invitation as it is good for, however they race [P-4.10]", async () => {
      const invite = made.invite(3);
      assert.equal(made.accounts.isInvited(invite), true);
      const create = async (name: string) => {
        const check = checkName(name);
        assert.ok(check.ok);
        return made.accounts.create(check.name, check.key, "hash", invite);
      };
      const racing = ["a", "A", "b", "c", "d", "e"].map(create);
      const outcomes = (await Promise.all(racing)).sort();
      assert.deepEqual(outcomes, ["bad_invite", "bad_invite", "taken", "written", "written", "written"]);
      assert.equal(made.accounts.isInvited(invite), false);
      assert.equal(names().length, 3);
      assert.equal(made.accounts.isInvited("unknown"), false);
    });

    it("does not use an invitation up where the account cannot be stored [P-4.10]", async () => {
      const invite = made.invite(1);
      const check = checkName("alice");
      assert.ok(check.ok);
      made.breakDisk(true);
      assert.equal(await made.accounts.create(check.name, check.key, "hash", invite), "failed");
      made.breakDisk(false);
      assert.equal(await made.accounts.create(check.name, check.key, "hash", invite), "written");
    });

    it("stores a password anew only in place of the one that was checked", async () => {
      const account = made.accounts.get(await made.account("alice"));
      assert.ok(account);
      made.accounts.rehash(account, "another", "wrong");
      await made.settled();
      assert.equal(made.accounts.passwordOf(account), "hash");
      made.accounts.rehash(account, "hash", "dearer");
      await made.settled();
      assert.equal(made.accounts.passwordOf(account), "dearer");
    });

    it("lists in the order of the keys, from a prefix, after a name [P-4.11]", async () => {
      for (const each of ["bob", "Alice", "carl", "Bea", "éva"]) await made.account(each);
      assert.deepEqual(names(), ["Alice", "Bea", "bob", "carl", "éva"]);
      assert.deepEqual(names("b"), ["Bea", "bob"]);
      assert.deepEqual(names("b", "bea"), ["bob"]);
      assert.deepEqual(names("", "bzz"), ["carl", "éva"]);
      assert.deepEqual(names("zz"), []);
    });

    it("blocks one way, and takes it back [P-4.5, P-4.6]", async () => {
      const [alice, bob] = [await made.account("alice"), await made.account("bob")];
      assert.equal(await made.blocks.put(alice, bob), "written");
      assert.deepEqual([made.blocks.has(alice, bob), made.blocks.has(bob, alice)], [true, false]);
      assert.deepEqual(
        made.blocks.of(alice).map((account) => account.name),
        ["bob"],
      );
      assert.equal(await made.blocks.remove(alice, bob), "written");
      assert.equal(made.blocks.has(alice, bob), false);
    });

    it("opens by a token what it was issued for, until it is revoked [P-3.4]", async () => {
      const alice = await made.account("alice");
      const wanted = grant(alice, { port: 5, device: "d", presence: true, acks: true });
      const issued = await made.tokens.issue(wanted);
      assert.ok(issued !== "failed");
      assert.deepEqual(made.tokens.find(issued.token)?.grant, wanted);
      assert.equal(made.tokens.find(`${issued.token}x`), undefined);
      made.tokens.renew(issued.hash, grant(alice, { port: 6 }));
      assert.equal(made.tokens.find(issued.token)?.grant.port, 6);
      assert.equal(await made.tokens.revoke(issued.hash), "written");
      assert.equal(made.tokens.find(issued.token), undefined);
      assert.equal(made.tokens.isValid(issued.hash), false);
    });

    it("issues no token for another password than the account has [P-4.1]", async () => {
      const alice = await made.account("alice");
      assert.equal(await made.tokens.issue(grant(alice), "another"), "failed");
      assert.notEqual(await made.tokens.issue(grant(alice), "hash"), "failed");
      assert.equal(await made.tokens.issue(grant(alice + 1), "hash"), "failed");
    });

    it("has one token an account: a new one ends the one before [P-3.4]", async () => {
      const alice = await made.account("alice");
      const [first, second] = [await made.tokens.issue(grant(alice)), await made.tokens.issue(grant(alice))];
      assert.ok(first !== "failed" && second !== "failed");
      assert.notEqual(first.token, second.token);
      assert.deepEqual([made.tokens.isValid(first.hash), made.tokens.isValid(second.hash)], [false, true]);
    });

    it("ends a token 30 days after its last use, not after its making [P-3.4]", async () => {
      const issued = await made.tokens.issue(grant(await made.account("alice")));
      assert.ok(issued !== "failed");
      made.advance(limits.tokenAgeMs - 1);
      assert.ok(made.tokens.find(issued.token));
      made.advance(limits.tokenAgeMs - 1);
      assert.ok(made.tokens.find(issued.token));
      made.advance(limits.tokenAgeMs + 1);
      assert.equal(made.tokens.find(issued.token), undefined);
    });

    it("fails as a whole while the disk fails", async () => {
      const [alice, bob] = [await made.account("alice"), await made.account("bob")];
      const issued = await made.tokens.issue(grant(alice));
      assert.ok(issued !== "failed");
      made.breakDisk(true);
      const check = checkName("carol");
      assert.ok(check.ok);
      assert.equal(await made.accounts.create(check.name, check.key, "hash"), "failed");
      assert.equal(await made.blocks.put(alice, bob), "failed");
      assert.equal(await made.tokens.issue(grant(alice)), "failed");
      assert.equal(await made.tokens.revoke(issued.hash), "failed");
      made.breakDisk(false);
      assert.equal(made.accounts.find(check.key), undefined);
      assert.equal(made.blocks.has(alice, bob), false);
      assert.ok(made.tokens.find(issued.token));
    });
  });
}
