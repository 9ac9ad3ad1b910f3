// What is on the disk beyond the rows: what was deleted is nowhere, the files shrink again, and a disk that gets full is seen
// before it is.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import type { Account } from "../../../../../server/core/ports.ts";
import { reserveBytes } from "../../../../../server/storage/engine/file-care.ts";
import { grantFor, letterFrom, newAccount, otherProgram, TestStore } from "../test-store.ts";

describe("the files of the storage", () => {
  let test: TestStore;
  let alice: Account;
  let bob: Account;

  beforeEach(async () => {
    test = new TestStore();
    [alice, bob] = [await test.account("alice"), await test.account("bob")];
  });
  afterEach(() => test.dispose());

  const walBytes = () => statSync(`${test.path}-wal`).size;
  /** Nothing is written for a while, and what is done at rest is done. */
  const rest = async () => {
    await test.store.flush();
    for (let step = 0; step < 100; step += 1) test.clock.advance(1_000);
  };
  const secret = "a text that nobody else may read";
  const fill = async (count: number, msg = secret + "x".repeat(2_000)) => {
    const letters = Array.from({ length: count }, (_, index) => letterFrom(alice, `${msg.length} ${index}`, msg));
    return await Promise.all(letters.map((letter) => test.append(bob, letter)));
  };
  const removeAll = async () => {
    const letters = await new Promise<readonly { seq: number }[] | "failed">((done) =>
      test.store.mailbox.read(bob.id, 0, { messages: 10_000, bytes: Infinity }, done),
    );
    assert.ok(letters !== "failed");
    for (const { seq } of letters) test.store.mailbox.remove(bob.id, seq);
  };

  it("hold nothing of a delivered letter once they are at rest", async () => {
    await fill(50);
    assert.notDeepEqual(test.filesWith(secret), []);
    await removeAll();
    await rest();
    assert.deepEqual([walBytes(), test.filesWith(secret)], [0, []]);
  });

  it("hold nothing of it after a stop, whatever was going on", async () => {
    await fill(50);
    await removeAll();
    await test.store.close(0);
    assert.deepEqual(test.filesWith(secret), []);
  });

  it("hold nothing of a letter that has expired, nor of what became of it once that was heard", async () => {
    const mid = "an id that tells something";
    await test.append(bob, letterFrom(alice, mid, secret, { reported: true }));
    test.clock.advance(31 * 24 * 60 * 60 * 1_000);
    await rest();
    assert.deepEqual(test.filesWith(secret), []);
    test.store.outcomes.remove(alice.id, 1_000);
    await rest();
    assert.deepEqual(test.filesWith(mid), []);
  });

  it("hold nothing of a removed account, but its name in the audit log", async () => {
    const account = { ...newAccount("zachary-the-removed"), password: "$argon2id$the-hash-of-zachary" };
    await test.store.accounts.create(account);
    const zachary = test.store.accounts.find(account.name);
    assert.ok(zachary);
    const device = "the-laptop-of-zachary";
    const issued = await test.store.tokens.issue(grantFor(zachary, { device, address: "198.51.100.17" }));
    assert.ok(issued !== "failed");
    test.store.tokens.present(issued.hash, { state: "away", text: "zachary-is-away" });
    test.store.devices.remember(zachary.id, "the-key-of-zachary");
    await test.store.blocks.put(bob.id, zachary.id);
    await test.append(zachary, letterFrom(alice, "m", secret));
    await test.store.removeAccount(zachary);
    await rest();
    const traces = [account.name, zachary.publicId, account.password, device, "198.51.100.17", issued.hash];
    for (const trace of [...traces, "zachary-is-away", "the-key-of-zachary", secret]) {
      const expected = trace === account.name ? ["audit.log"] : [];
      assert.deepEqual(test.filesWith(trace), expected, trace);
    }
  });

  it("hold nothing of a password that was changed, nor of a token that was revoked", async () => {
    const issued = await test.store.tokens.issue(grantFor(alice));
    assert.ok(issued !== "failed");
    await test.store.changePassword(bob, "$argon2id$the-first");
    await test.store.changePassword(bob, "$argon2id$the-second");
    await test.store.tokens.revoke(issued.hash);
    await rest();
    assert.deepEqual([test.filesWith("$the-first"), test.filesWith(issued.hash)], [[], []]);
  });

  it("are emptied now and then also if writing never ends", async () => {
    await fill(20);
    await removeAll();
    for (let half = 0; half < 130; half += 1) {
      await test.store.createInvite(1, undefined);
      test.clock.advance(500);
    }
    assert.deepEqual(test.filesWith(secret), []);
  });

  it("are emptied later if a reader is in the way, and the log does not stay long behind it", async () => {
    const reader = otherProgram(test.path);
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM letter").get();
    await fill(200, secret + "x".repeat(60_000));
    await removeAll();
    await rest();
    assert.ok(walBytes() > 10_000_000);
    assert.equal(test.store.figures.walBytes, walBytes());
    reader.close();
    await rest();
    assert.deepEqual([walBytes(), test.store.figures.walBytes, test.filesWith(secret)], [0, 0, []]);
  });

  it("shrink when letters are gone, a little at a time, and the figures say so", async () => {
    await fill(300, "x".repeat(50_000));
    await rest();
    const full = statSync(test.path).size;
    assert.ok(full > 15_000_000);
    assert.deepEqual([test.store.figures.databaseBytes, test.store.figures.freeBytes], [full, 0]);
    await removeAll();
    await test.store.flush();
    test.clock.advance(1_000);
    const begun = test.store.figures.databaseBytes;
    assert.ok(begun < full && begun > full / 2, `${begun} of ${full}`);
    for (let step = 0; step < 2; step += 1) test.clock.advance(10);
    assert.ok(test.store.figures.databaseBytes < begun);
    await rest();
    assert.ok(statSync(test.path).size < 4_000_000, `${statSync(test.path).size}`);
    assert.ok(test.store.figures.freeBytes < 4_000_000);
  });

  it("shrink at the end too, if that takes a moment only", async () => {
    await fill(300, "x".repeat(50_000));
    await removeAll();
    await test.store.close(0);
    assert.ok(statSync(test.path).size < 4_000_000, `${statSync(test.path).size}`);
  });

  describe("on a file system that is nearly full", () => {
    const totalBytes = 100 * reserveBytes;
    let freeBytes = reserveBytes;

    beforeEach(async () => {
      freeBytes = reserveBytes;
      await test.reopen({ diskSpaceOf: () => ({ freeBytes, totalBytes }) });
    });

    it("take no more letters, but all that makes room, and go on by themselves", async () => {
      const [first] = await fill(2);
      assert.ok(first && "seq" in first);
      freeBytes = reserveBytes - 1;
      test.clock.advance(3_000);
      assert.equal((await fill(1, "another"))[0]?.kind, "failed");
      assert.deepEqual((await fill(1))[0], { kind: "known", seq: first.seq });
      assert.deepEqual([test.store.works, test.events], [false, ["storage_full"]]);
      test.store.mailbox.remove(bob.id, first.seq);
      await test.store.flush();
      assert.equal(test.store.figures.letters, 1);
      freeBytes = reserveBytes;
      test.clock.advance(3_000);
      assert.equal((await fill(1, "another"))[0]?.kind, "stored");
      assert.deepEqual([test.store.works, test.events], [true, ["storage_full", "storage_has_room"]]);
    });

    it("take letters on a small one until an eighth of it is left", async () => {
      const small = { freeBytes: 1_048_576, totalBytes: 8_388_608 };
      await test.reopen({ diskSpaceOf: () => small });
      assert.equal((await fill(1))[0]?.kind, "stored");
      small.freeBytes -= 1;
      test.clock.advance(3_000);
      assert.equal((await fill(1, "another"))[0]?.kind, "failed");
    });

    it("are believed to have room if it does not say", async () => {
      await test.reopen({
        diskSpaceOf: () => {
          throw new Error("not supported");
        },
      });
      assert.equal((await fill(1))[0]?.kind, "stored");
    });
  });
});
