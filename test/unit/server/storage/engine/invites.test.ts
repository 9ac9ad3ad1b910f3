import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newAccount, TestStore } from "../test-store.ts";

describe("invitations", () => {
  let test: TestStore;

  beforeEach(() => {
    test = new TestStore();
  });
  afterEach(() => test.dispose());

  const list = async () => {
    const invites = await test.store.listInvites();
    assert.ok(invites !== "failed");
    return invites;
  };
  const isUsable = (code: string) => test.store.accounts.isInvited(code);

  it("are 128 random bits, of which the database has the hash alone", async () => {
    const codes = new Set(await Promise.all(Array.from({ length: 20 }, () => test.store.createInvite(1, undefined))));
    assert.equal(codes.size, 20);
    const stored = JSON.stringify(test.database.prepare("SELECT * FROM invite").all());
    for (const code of codes) {
      assert.match(code, /^[0-9a-f]{32}$/);
      assert.ok(!stored.includes(code));
    }
  });

  it("are good until they expire or are revoked, however they are spelled [P-4.10]", async () => {
    const short = await test.store.createInvite(2, 1_000);
    test.clock.advance(999);
    assert.equal(await isUsable(` ${short.toUpperCase()}\n`), true);
    test.clock.advance(1);
    assert.equal(await isUsable(short), false);
    const revoked = await test.store.createInvite(2, undefined);
    assert.equal(await isUsable(revoked), true);
    assert.deepEqual([await test.store.revokeInvite(revoked), await test.store.revokeInvite(revoked)], [true, false]);
    assert.equal(await isUsable(revoked), false);
  });

  it("of members are counted while they are open, and end with their account [P-4.16]", async () => {
    const [alice, bob] = [await test.account("alice"), await test.account("bob")];
    const make = async (who: typeof alice) => {
      const made = await test.store.accounts.invite(who, 1, 1_000);
      assert.ok(typeof made === "object" && "code" in made);
      return made.code;
    };
    const codes: string[] = [];
    for (let count = 0; count < 10; count += 1) codes.push(await make(alice));
    assert.equal(await test.store.accounts.invite(alice, 1, 1_000), "too_many");
    const bobs = await make(bob);
    assert.deepEqual(new Set((await list()).map(({ by }) => by)), new Set(["alice", "bob"]));
    assert.equal(await test.store.accounts.create(newAccount("carol"), codes[0]), "written");
    codes.push(await make(alice));
    await test.store.removeAccount(alice);
    assert.deepEqual(await Promise.all([...codes, bobs].map(isUsable)), [...codes.map(() => false), true]);
    test.clock.advance(1_000);
    const later: string[] = [];
    for (let count = 0; count < 10; count += 1) later.push(await make(bob));
    assert.equal(later.length, 10, "those that are too old are not counted");
  });

  it("of members are open for 100 accounts together, of which those used count no more [P-4.16]", async () => {
    const [alice, day] = [await test.account("alice"), 24 * 60 * 60 * 1_000];
    const first = await test.store.accounts.invite(alice, 99, 30 * day);
    assert.ok(typeof first === "object" && "code" in first);
    assert.equal(await test.store.accounts.invite(alice, 2, day), "too_many_uses");
    test.clock.advance(day);
    assert.equal(await test.store.accounts.invite(alice, 2, day), "too_many_uses");
    assert.equal(await test.store.accounts.create(newAccount("bob"), first.code), "written");
    assert.ok("code" in Object(await test.store.accounts.invite(alice, 2, day)));
    assert.equal(await test.store.accounts.invite(alice, 1, day), "too_many_uses");
  });

  it("of members are made for 100 accounts in 24 h of a running server, restarts included [P-4.16]", async () => {
    const [alice, hour] = [await test.account("alice"), 60 * 60 * 1_000];
    const day = 24 * hour;
    const made: string[] = [];
    const make = async (uses: number) => {
      const one = await test.store.accounts.invite(test.store.accounts.find("alice") ?? alice, uses, day);
      if (typeof one === "object" && "code" in one) made.push(one.code);
      return typeof one === "object" && "code" in one ? "made" : one;
    };
    for (const uses of [1, 1]) assert.equal(await make(uses), "made");
    test.clock.advance(hour);
    assert.equal(await make(98), "made");
    for (const [index, code] of made.slice(0, 2).entries()) {
      assert.equal(await test.store.accounts.create(newAccount(`guest${index}`), code), "written");
    }
    assert.deepEqual([await make(1), await make(2)], [{ waitMs: 23 * hour }, { waitMs: 23 * hour }]);
    await test.reopen();
    const refused = await make(2);
    assert.ok(typeof refused === "object" && refused.waitMs <= 23 * hour && refused.waitMs > 22 * hour);
    test.clock.advance(refused.waitMs - 1);
    assert.deepEqual(await make(2), { waitMs: 1 });
    test.clock.advance(1);
    assert.equal(await make(2), "made");
  });

  it("of members are in the audit log with who made them, and nobody's code [P-4.16]", async () => {
    const alice = await test.account("alice");
    const made = await test.store.accounts.invite(alice, 3, 1_000);
    assert.ok(typeof made === "object" && "code" in made);
    const lines = readFileSync(join(test.folder, "audit.log"), "utf8").trim().split("\n");
    const { event, uses, user, account } = JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;
    assert.deepEqual([event, uses, user, account], ["invite_created", 3, "alice", alice.id]);
    assert.ok(!lines.join("").includes(made.code));
  });

  it("are listed by an id that can revoke them, and dropped once they have expired", async () => {
    await test.store.createInvite(3, 1_000);
    test.clock.setWallClock(test.clock.nowMs() + 1);
    await test.store.createInvite(1, undefined);
    const [first, second, ...rest] = await list();
    assert.deepEqual(rest, []);
    assert.deepEqual([first?.uses, first?.used, first?.leftMs], [3, 0, 1_000]);
    assert.deepEqual([second?.uses, second?.leftMs], [1, undefined]);
    assert.match(first?.id ?? "", /^[0-9a-f]{8}$/);
    test.clock.advance(2 * 60 * 60 * 1_000);
    await test.store.flush();
    assert.deepEqual(
      (await list()).map(({ id }) => id),
      [second?.id],
    );
    assert.equal(await test.store.revokeInvite(second?.id ?? ""), true);
  });
});
