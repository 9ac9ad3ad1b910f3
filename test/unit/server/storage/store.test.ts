import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Outcome } from "../../../../server/core/ports.ts";
import { openServerDatabase } from "../../../../server/storage/engine/open.ts";
import { openStoreInProcess } from "../../../../server/storage/open-store.ts";
import { grantFor, letterFrom, newAccount, TestStore } from "./test-store.ts";

const minuteMs = 60_000;
const yearMs = 365 * 24 * 60 * minuteMs;

describe("the storage of a server", () => {
  let test: TestStore;

  beforeEach(() => {
    test = new TestStore();
  });
  afterEach(() => test.dispose());

  const outcomes = (account: number) =>
    new Promise<readonly Outcome[] | "failed">((done) => test.store.outcomes.read(account, 0, 10, done));

  it("gives back everything when it is opened again", async () => {
    const [alice, bob, carol] = [await test.account("alice"), await test.account("Bob"), await test.account("carol")];
    await test.store.blocks.put(alice.id, bob.id);
    const grant = grantFor(alice, { device: "d\u0000\ud800", outcomes: true, plain: true });
    const issued = await test.store.tokens.issue(grant);
    assert.ok(issued !== "failed");
    test.store.devices.remember(alice.id, "key");
    await test.append(bob, letterFrom(alice, "waits"));
    const gone = await test.append(carol, letterFrom(alice, "delivered", "x", { reported: true }));
    assert.ok("seq" in gone);
    test.store.mailbox.remove(carol.id, gone.seq);
    await test.reopen();
    const { store } = test;
    assert.deepEqual([store.accounts.get(alice.id), store.accounts.find("BOB")], [alice, bob]);
    assert.equal(store.accounts.lookAlike("bob")?.id, bob.id);
    assert.equal(store.accounts.passwordOf(bob), "hash");
    assert.deepEqual([store.blocks.has(alice.id, bob.id), store.blocks.isBlocked(bob.id)], [true, true]);
    assert.deepEqual(store.tokens.find(issued.token)?.grant, grant);
    assert.equal(store.devices.knows(alice.id, "key"), true);
    assert.deepEqual([store.mailbox.mayHold(bob.id), store.mailbox.mayHold(carol.id)], [true, false]);
    assert.deepEqual(await test.texts(bob), ["waits"]);
    const told = await outcomes(alice.id);
    assert.deepEqual(told !== "failed" && told.map(({ to, mid, state }) => [to, mid, state]), [
      ["carol", "delivered", "delivered"],
    ]);
    assert.deepEqual([store.figures.letters, store.figures.letterBytes], [1, 5]);
  });

  it("names the same password for an unknown name after a restart", async () => {
    for (let each = 0; each < 30; each += 1) await test.store.accounts.create(newAccount(`u${each}`, `$hash ${each}`));
    const chosen = () => Array.from({ length: 30 }, (_, seed) => test.store.accounts.anyPassword(`${seed}`));
    const before = chosen();
    await test.reopen();
    assert.deepEqual(chosen(), before);
  });

  it("holds no token and no password, only what they hash to [P-3.4]", async () => {
    const issued = await test.store.tokens.issue(grantFor(await test.account("alice")));
    assert.ok(issued !== "failed");
    await test.store.close(0);
    assert.equal(readFileSync(test.path).toString("latin1").includes(issued.token), false);
  });

  it("issues no token for a password that was changed meanwhile, and none for the old one [P-3.4]", async () => {
    const alice = await test.account("alice");
    const issued = await test.store.tokens.issue(grantFor(alice), "hash");
    assert.ok(issued !== "failed");
    test.store.devices.remember(alice.id, "key");
    const [changed, late] = [
      test.store.changePassword(alice, "another"),
      test.store.tokens.issue(grantFor(alice), "hash"),
    ];
    assert.deepEqual([await changed, await late], [true, "failed"]);
    assert.equal(test.store.tokens.find(issued.token), undefined);
    assert.equal(test.store.devices.knows(alice.id, "key"), false);
    assert.notEqual(await test.store.tokens.issue(grantFor(alice), "another"), "failed");
  });

  it("forgets the devices beyond the latest on the disk too [P-8.8]", async () => {
    const [alice, bob] = [await test.account("alice"), await test.account("bob")];
    test.store.devices.remember(bob.id, "key 0");
    for (let each = 0; each < 20; each += 1) {
      test.clock.advance(1);
      test.store.devices.remember(alice.id, `key ${each}`);
      await test.store.flush();
    }
    await test.reopen();
    const known = Array.from({ length: 20 }, (_, each) => test.store.devices.knows(alice.id, `key ${each}`));
    assert.deepEqual(
      known,
      Array.from({ length: 20 }, (_, each) => each >= 4),
    );
    assert.equal(test.store.devices.knows(bob.id, "key 0"), true);
    const stored = test.database.prepare("SELECT count(*) AS n FROM device WHERE account = ?").get(alice.id);
    assert.equal(stored?.["n"], 16);
  });

  it("writes for nobody who was removed meanwhile", async () => {
    const [alice, bob] = [await test.account("alice"), await test.account("bob")];
    const removed = test.store.removeAccount(bob);
    const late = [
      test.append(bob, letterFrom(alice, "m")).then(({ kind }) => kind),
      test.store.tokens.issue(grantFor(bob)),
      test.store.blocks.put(alice.id, bob.id),
      test.store.changePassword(bob, "x"),
      test.store.removeAccount(bob),
    ];
    test.store.devices.remember(bob.id, "key");
    assert.equal(await removed, true);
    assert.deepEqual(await Promise.all(late), ["failed", "failed", "written", false, false]);
    const counts = ["account", "letter", "token", "block", "device", "session"].map((table) =>
      Number(test.database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]),
    );
    assert.deepEqual(counts, [1, 0, 0, 0, 0, 0]);
    assert.deepEqual(test.events, []);
  });

  it("never gives the id of a removed account to another one, also after a restart [P-3.7]", async () => {
    const first = await test.account("alice");
    await test.store.removeAccount(first);
    await test.reopen();
    const second = await test.account("alice");
    assert.notEqual(second.id, first.id);
    assert.notEqual(second.publicId, first.publicId);
    assert.match(second.publicId, /^[0-9a-f]{20}$/);
  });

  it("refuses letters once all mailboxes together hold 4 GiB, but knows those that it has [P-5.4]", async () => {
    const [alice, bob] = [await test.account("alice"), await test.account("bob")];
    await test.append(bob, letterFrom(alice, "m1"));
    test.database.prepare("UPDATE letter SET bytes = ?").run(4 * 1_024 ** 3 - 5);
    await test.reopen();
    const kinds = async (...texts: string[]) => {
      const appended = texts.map((text) => test.append(alice, letterFrom(bob, text)));
      return (await Promise.all(appended)).map(({ kind }) => kind);
    };
    assert.deepEqual(await kinds("five!", "x", "five!"), ["stored", "failed", "known"]);
  });

  it("starts on a disk that takes nothing, and remembers later that nobody is there", async () => {
    const alice = await test.account("alice");
    const issued = await test.store.tokens.issue(grantFor(alice));
    assert.ok(issued !== "failed");
    test.store.tokens.present(issued.hash, { state: "away", text: undefined });
    await test.store.close(0);
    test.clock.advance(2 * minuteMs);
    let full = true;
    test.start({}, () => full);
    assert.deepEqual([[...test.store.tokens.earlier()], test.store.accounts.find("alice")], [[], alice]);
    full = false;
    test.clock.advance(minuteMs);
    await test.reopen();
    assert.deepEqual([...test.store.tokens.earlier()], []);
  });

  it("says whether it works: after a failed write, and if it does not answer", async () => {
    assert.equal(test.store.works, true);
    const held = openStoreInProcess(openServerDatabase(test.folder, true), {
      ...{ clock: test.clock, log: { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 } },
      schedule: () => undefined,
      serves: false,
    });
    held.ping();
    assert.equal(held.works, true);
    test.clock.advance(6_000);
    assert.equal(held.works, false);
    await held.close(0);
    test.store.ping();
    await test.store.flush();
    test.clock.advance(6_000);
    assert.equal(test.store.works, true);
  });

  describe("by a wall clock that is wrong", () => {
    it("loses no letter, token or invitation over restarts, years ahead or back", async () => {
      const [alice, bob] = [await test.account("alice"), await test.account("bob")];
      const issued = await test.store.tokens.issue(grantFor(alice));
      assert.ok(issued !== "failed");
      const invite = await test.store.createInvite(5, 30 * minuteMs);
      for (const wallMs of [0, Date.now() + 10 * yearMs, 1_000, Date.now(), Date.now() - 20 * yearMs]) {
        await test.append(bob, letterFrom(alice, `at ${wallMs}`));
        test.clock.setWallClock(wallMs);
        await test.reopen();
        test.clock.advance(minuteMs);
        await test.store.flush();
        assert.ok(test.store.tokens.find(issued.token), `${wallMs}`);
        assert.equal(await test.store.accounts.isInvited(invite), true, `${wallMs}`);
      }
      assert.equal((await test.texts(bob)).length, 5);
      assert.ok(!test.events.includes("expired"));
    });

    it("ends an invitation after the time that the server ran, whatever day it is", async () => {
      const invite = await test.store.createInvite(5, 30 * minuteMs);
      for (let restart = 0; restart < 2; restart += 1) {
        test.clock.advance(14 * minuteMs);
        await test.reopen();
        test.clock.setWallClock(0);
      }
      assert.equal(await test.store.accounts.isInvited(invite), true);
      const [state] = await test.store.listInvites();
      assert.ok(typeof state === "object" && state.leftMs !== undefined && state.leftMs > minuteMs);
      test.clock.advance(3 * minuteMs);
      assert.equal(await test.store.accounts.isInvited(invite), false);
    });

    it("knows how long it ran but for the last minutes if it is killed", async () => {
      const ran = () => Number(test.database.prepare("SELECT running_ms FROM server_state").get()?.["running_ms"]);
      for (let each = 0; each < 10; each += 1) {
        test.clock.advance(minuteMs);
        await test.store.flush();
      }
      assert.ok(ran() >= 7 * minuteMs && ran() <= 10 * minuteMs, `${ran()}`);
      test.clock.advance(minuteMs);
      await test.account("alice");
      assert.equal(ran(), 11 * minuteMs);
    });
  });

  describe("when it was stopped a moment ago [P-3.6]", () => {
    const presence = { state: "away", text: "back\u0000 soon" } as const;
    const earlier = () =>
      [...test.store.tokens.earlier()].map(({ grant, state, text }) => [grant.account, state, text]);

    it("has the sessions that were there, once, and how their people were", async () => {
      const [alice, bob, carol] = [await test.account("alice"), await test.account("bob"), await test.account("carol")];
      const tokens = await Promise.all([alice, bob, carol].map((each) => test.store.tokens.issue(grantFor(each))));
      const [first, second, third] = tokens.map((token) => (token === "failed" ? "" : token.hash));
      test.store.tokens.present(first ?? "", presence);
      test.store.tokens.present(second ?? "", { state: "available", text: undefined });
      test.store.tokens.present(third ?? "", presence);
      test.store.tokens.present(third ?? "", undefined);
      await test.reopen();
      assert.deepEqual(earlier(), [
        [alice.id, "away", "back\u0000 soon"],
        [bob.id, "available", undefined],
      ]);
      assert.deepEqual(earlier(), []);
    });

    const present = async () => {
      const alice = await test.account("alice");
      const issued = await test.store.tokens.issue(grantFor(alice));
      assert.ok(issued !== "failed");
      test.store.tokens.present(issued.hash, presence);
      await test.store.flush();
    };

    it("has none if more than a minute passed, or the wall clock says so; their tokens stay", async () => {
      for (const passedMs of [61_000, -61_000, 10 * yearMs]) {
        await present();
        await test.store.close(0);
        test.clock.setWallClock(test.clock.nowMs() + passedMs);
        test.start();
        assert.deepEqual(earlier(), [], `${passedMs}`);
        test.clock.setWallClock(test.clock.nowMs() - passedMs);
        await test.reopen();
        assert.deepEqual(earlier(), [], `${passedMs}`);
        const alice = test.store.accounts.find("alice");
        assert.ok(alice && test.store.tokens.of(alice.id));
        await test.store.removeAccount(alice);
      }
    });

    it("knows it after a kill too, from what it notes now and then", async () => {
      await present();
      test.clock.advance(31_000);
      await test.store.flush();
      test.clock.advance(29_000);
      test.start();
      assert.equal(earlier().length, 1);
    });

    it("is not taken for running because a command worked on the file", async () => {
      await present();
      await test.store.close(0);
      test.clock.advance(2 * minuteMs);
      const command = openStoreInProcess(openServerDatabase(test.folder, false), {
        ...{ clock: test.clock, log: { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 } },
        schedule: setImmediate,
        serves: false,
      });
      await command.createInvite(1, undefined);
      await command.close(0);
      test.start();
      assert.deepEqual(earlier(), []);
    });
  });

  it("drops what is too old in pieces, so that nobody waits for all of it, and says how much", async () => {
    const [alice, bob] = [await test.account("alice"), await test.account("bob")];
    const many = Array.from({ length: 1_200 }, (_, index) => test.append(bob, letterFrom(alice, `m${index}`)));
    await Promise.all(many);
    test.clock.advance(31 * 24 * 60 * minuteMs);
    for (let piece = 0; piece < 5; piece += 1) {
      await test.store.flush();
      test.clock.advance(100);
    }
    assert.equal(test.store.figures.letters, 0);
    assert.equal(test.store.mailbox.mayHold(bob.id), false);
    const dropped = test.fields.map(({ letters }) => letters).filter((letters) => letters !== undefined);
    assert.deepEqual(dropped, [500, 500, 200]);
  });
});
