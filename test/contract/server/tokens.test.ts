// What tokens and known devices do, whoever implements them: one suite over all of them.

import assert from "node:assert/strict";
import { limits } from "../../../protocol/limits.ts";
import type { Account, Grant } from "../../../server/core/ports.ts";
import { implementations } from "./implementations.ts";
import type { Implementation } from "./implementations.ts";

for (const { name, create } of implementations) {
  describe(`tokens and devices ${name}`, () => {
    let made: Implementation;
    let alice: Account;

    beforeEach(async () => {
      made = create();
      alice = await made.account("alice");
    });
    afterEach(() => made.dispose());

    const grant = (added: Partial<Grant> = {}): Grant => ({
      account: alice.id,
      address: "127.0.0.1",
      port: undefined,
      device: undefined,
      presence: false,
      acks: false,
      outcomes: false,
      plain: false,
      ...added,
    });
    const issue = async (added: Partial<Grant> = {}) => {
      const issued = await made.tokens.issue(grant(added));
      assert.ok(issued !== "failed");
      return issued;
    };

    it("open by a token what it was issued for, until it is revoked [P-3.4]", async () => {
      const wanted = { port: 5, device: "d", presence: true, acks: true, outcomes: true, plain: true };
      const issued = await issue(wanted);
      assert.deepEqual(made.tokens.find(issued.token), { hash: issued.hash, grant: grant(wanted) });
      assert.deepEqual(made.tokens.of(alice.id), grant(wanted));
      assert.equal(made.tokens.find(`${issued.token}x`), undefined);
      made.tokens.renew(issued.hash, grant({ port: 6 }));
      assert.equal(made.tokens.find(issued.token)?.grant.port, 6);
      assert.equal(await made.tokens.revoke(issued.hash), "written");
      assert.deepEqual([made.tokens.find(issued.token), made.tokens.of(alice.id)], [undefined, undefined]);
    });

    it("are not issued for another password than the account has, and leave the one before alone [P-4.1]", async () => {
      const first = await issue();
      assert.equal(await made.tokens.issue(grant(), "another"), "failed");
      assert.equal(await made.tokens.issue(grant({ account: alice.id + 1 }), "hash"), "failed");
      assert.ok(made.tokens.find(first.token));
      assert.notEqual(await made.tokens.issue(grant(), "hash"), "failed");
    });

    it("are one for each account: a new one ends the one before [P-3.4]", async () => {
      const [first, second] = [await issue(), await issue()];
      assert.notEqual(first.token, second.token);
      assert.deepEqual([made.tokens.find(first.token), made.tokens.find(second.token)?.hash], [undefined, second.hash]);
      assert.equal(await made.tokens.revoke(first.hash), "written");
      assert.ok(made.tokens.find(second.token));
    });

    it("end 30 days of a running server after their last use, not after their making [P-3.4]", async () => {
      const issued = await issue();
      made.advance(limits.tokenAgeMs - 1);
      assert.ok(made.tokens.find(issued.token));
      await made.settled();
      made.advance(limits.tokenAgeMs - 1);
      assert.ok(made.tokens.find(issued.token));
      await made.settled();
      made.advance(limits.tokenAgeMs + 1);
      assert.equal(made.tokens.find(issued.token), undefined);
    });

    it("do not end by a wall clock that is set, by years, in either direction [P-3.4]", async () => {
      const issued = await issue();
      for (const wallMs of [0, 4_102_444_800_000, 1_000]) {
        made.setWallClock(wallMs);
        made.advance(2 * 60 * 60 * 1_000);
        await made.settled();
        assert.ok(made.tokens.find(issued.token), `${wallMs}`);
      }
    });

    it("go with their account", async () => {
      const issued = await issue();
      await made.removeAccount(alice);
      assert.deepEqual([made.tokens.find(issued.token), made.tokens.of(alice.id)], [undefined, undefined]);
      assert.equal(await made.tokens.issue(grant()), "failed");
    });

    it("are as before while the disk fails", async () => {
      const issued = await issue();
      made.breakDisk(true);
      assert.equal(await made.tokens.issue(grant()), "failed");
      assert.equal(await made.tokens.revoke(issued.hash), "failed");
      made.breakDisk(false);
      assert.ok(made.tokens.find(issued.token));
    });

    it("remember the latest devices of each account [P-8.8]", async () => {
      const bob = await made.account("bob");
      for (let each = 0; each < limits.maxDevices; each += 1) made.devices.remember(alice.id, `key ${each}`);
      made.devices.remember(alice.id, "key 0");
      made.devices.remember(alice.id, "one more");
      await made.settled();
      const knows = (key: string) => made.devices.knows(alice.id, key);
      assert.deepEqual([knows("key 0"), knows("key 1"), knows("key 2"), knows("one more")], [true, false, true, true]);
      assert.equal(made.devices.knows(bob.id, "key 0"), false);
      await made.removeAccount(alice);
      assert.equal(knows("key 0"), false);
    });
  });
}
