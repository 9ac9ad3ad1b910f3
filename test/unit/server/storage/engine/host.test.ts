import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import type { Account, Appended } from "../../../../../server/core/ports.ts";
import { letterFrom, newAccount, otherProgram, TestStore } from "../test-store.ts";

describe("writes of one turn", () => {
  let test: TestStore;
  let alice: Account;
  let bob: Account;

  beforeEach(async () => {
    test = new TestStore();
    [alice, bob] = [await test.account("alice"), await test.account("bob")];
  });
  afterEach(() => test.dispose());

  const append = (...mids: string[]) => Promise.all(mids.map((mid) => test.append(bob, letterFrom(alice, mid))));
  const kinds = async (appended: Promise<Appended[]>) => (await appended).map(({ kind }) => kind);

  it("are one transaction, and nobody hears of it before its end", async () => {
    test.commitsMs.length = 0;
    let heard = 0;
    const outside = otherProgram(test.path);
    const count = () => Number(outside.prepare("SELECT count(*) AS n FROM letter").get()?.["n"]);
    const all = ["a", "b", "c"].map(async (mid) => {
      const { kind } = await test.append(bob, letterFrom(alice, mid));
      heard += 1;
      assert.deepEqual([count(), test.database.isTransaction], [3, false]);
      return kind;
    });
    assert.deepEqual([count(), heard], [0, 0]);
    assert.deepEqual(await Promise.all(all), ["stored", "stored", "stored"]);
    assert.equal(test.commitsMs.length, 1);
    outside.close();
  });

  it("leave nothing behind if the disk fails, and those of the next turn succeed when it works", async () => {
    test.breakDisk(true);
    assert.deepEqual(await kinds(append("a", "b")), ["failed", "failed"]);
    assert.equal(test.store.works, false);
    test.breakDisk(false);
    assert.deepEqual(await kinds(append("c")), ["stored"]);
    assert.deepEqual(await test.texts(bob), ["c"]);
    assert.deepEqual([test.store.works, test.events], [true, ["storage_failing", "storage_recovered"]]);
    assert.equal(test.store.figures.letters, 1);
  });

  for (let faulty = 0; faulty < 3; faulty += 1) {
    it(`succeed without number ${faulty + 1} of 3 if that one alone is at fault`, async () => {
      test.database.exec(
        "CREATE TEMP TRIGGER fault BEFORE INSERT ON letter WHEN new.ts = 13 BEGIN SELECT RAISE(ABORT, 'a fault'); END",
      );
      const letters = [0, 1, 2].map((at) => letterFrom(alice, `m${at}`, `m${at}`, { ts: at === faulty ? 13 : 1 }));
      const appended = await Promise.all(letters.map((letter) => test.append(bob, letter)));
      assert.deepEqual(
        appended.map(({ kind }) => kind),
        [0, 1, 2].map((at) => (at === faulty ? "failed" : "stored")),
      );
      assert.equal((await test.texts(bob)).length, 2);
      assert.deepEqual(test.events, ["operation_failed"]);
      assert.equal(test.store.figures.failing, false);
    });
  }

  it("go through if only what nobody waits for fails; that is hidden at once, and made when it can be", async () => {
    const [one] = await append("one", "two");
    assert.ok(one && "seq" in one);
    let full = true;
    const isGone = "SELECT count(*) = 0 AS gone FROM letter WHERE seq = ?";
    test.failCommits(() => full && test.database.prepare(isGone).get(one.seq)?.["gone"] === 1);
    test.store.mailbox.remove(bob.id, one.seq);
    assert.deepEqual(await kinds(append("three")), ["stored"]);
    assert.deepEqual(await test.texts(bob), ["two", "three"]);
    test.clock.advance(60_000);
    assert.deepEqual(await kinds(append("four")), ["stored"]);
    assert.equal(test.store.figures.letters, 4);
    full = false;
    test.clock.advance(60_000);
    await test.store.flush();
    assert.equal(test.store.figures.letters, 3);
    assert.deepEqual(await test.texts(bob), ["two", "three", "four"]);
    assert.equal(test.store.works, true);
  });

  it("are tried again if nothing waits, so that it is known when the disk works", async () => {
    test.breakDisk(true);
    await append("lost");
    test.clock.advance(600);
    await test.store.flush();
    assert.equal(test.store.works, false);
    test.breakDisk(false);
    test.clock.advance(600);
    await test.store.flush();
    assert.deepEqual([test.store.works, test.events], [true, ["storage_failing", "storage_recovered"]]);
  });

  it("reach everybody, also when one of those who are told throws", async () => {
    test.store.mailbox.append(bob.id, letterFrom(alice, "a"), () => {
      throw new Error("a bug");
    });
    assert.deepEqual(await kinds(append("b")), ["stored"]);
    assert.deepEqual(test.events, ["commit_unheard"]);
  });

  describe("while another program holds a lock", () => {
    let other: DatabaseSync;

    beforeEach(() => {
      other = otherProgram(test.path);
      other.exec("BEGIN IMMEDIATE");
    });
    afterEach(() => other.close());

    const soon = async <T>(promise: Promise<T>): Promise<T | "later"> => {
      const turns = async () => {
        for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return "later" as const;
      };
      return await Promise.race([promise, turns()]);
    };

    it("wait for it, and are written as soon as it is given back", async () => {
      const appended = kinds(append("a", "b"));
      assert.equal(await soon(appended), "later");
      test.clock.advance(1_000);
      assert.equal(await soon(appended), "later");
      other.exec("ROLLBACK");
      test.clock.advance(100);
      assert.deepEqual(await soon(appended), ["stored", "stored"]);
      assert.deepEqual(test.events, []);
    });

    it("fail after 5 s, and those that came later have 5 s of their own", async () => {
      const early = kinds(append("a"));
      await soon(early);
      test.clock.advance(3_000);
      const late = kinds(append("b"));
      await soon(late);
      test.clock.advance(2_100);
      assert.deepEqual([await soon(early), await soon(late)], [["failed"], "later"]);
      assert.deepEqual([test.events, test.store.works], [["storage_failing"], false]);
      other.exec("ROLLBACK");
      test.clock.advance(100);
      assert.deepEqual(await soon(late), ["stored"]);
      assert.deepEqual([test.events.at(-1), test.store.works], ["storage_recovered", true]);
      assert.deepEqual(await test.texts(bob), ["b"]);
    });

    it("keep nobody from reading, but what comes after them in the same mailbox", async () => {
      const appended = kinds(append("a"));
      assert.equal(await soon(appended), "later");
      assert.deepEqual(await soon(test.texts(alice)), []);
      assert.equal(await soon(test.store.accounts.isInvited("x")), false);
      const behind = test.texts(bob);
      assert.equal(await soon(behind), "later");
      other.exec("ROLLBACK");
      test.clock.advance(100);
      assert.deepEqual([await soon(appended), await soon(behind)], [["stored"], ["a"]]);
    });

    it("let those read who came after them once they have failed", async () => {
      const appended = kinds(append("a"));
      const behind = test.texts(bob);
      assert.equal(await soon(behind), "later");
      test.clock.advance(5_001);
      assert.deepEqual([await soon(appended), await soon(behind)], [["failed"], []]);
    });

    it("are all made in their order once it is given back, if nobody waits for them", async () => {
      const token = await (other.exec("ROLLBACK"), test.store.tokens.issue(issued(alice)));
      assert.ok(token !== "failed");
      other.exec("BEGIN IMMEDIATE");
      test.store.tokens.present(token.hash, { state: "away", text: "first" });
      await soon(test.store.flush());
      test.clock.advance(40_000);
      test.store.tokens.present(token.hash, { state: "dnd", text: "second" });
      await soon(test.store.flush());
      other.exec("ROLLBACK");
      test.clock.advance(40_000);
      await test.store.flush();
      const row = test.database.prepare("SELECT state, CAST(text AS TEXT) AS text FROM session").get();
      assert.deepEqual({ ...row }, { state: "dnd", text: "second" });
    });
  });

  it("make an account of no more than one of two that race over turns", async () => {
    const first = test.store.accounts.create(newAccount("carol"));
    await new Promise((resolve) => setImmediate(resolve));
    const second = test.store.accounts.create(newAccount("Carol"));
    assert.deepEqual([await first, await second], ["written", "taken"]);
  });
});

function issued(account: Account) {
  return {
    ...{ account: account.id, address: "::1", port: undefined, device: undefined, presence: false, acks: true },
    ...{ outcomes: false, plain: false },
  };
}
