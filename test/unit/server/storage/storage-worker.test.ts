// The storage in a thread of its own, as a server has it. What it stores is what the contract suites look at; here is the
// way there and back, and how it begins and ends.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../../base/clock.ts";
import type { Account, Appended } from "../../../../server/core/ports.ts";
import { StartFailure } from "../../../../server/startup/start-errors.ts";
import { openServerDatabase } from "../../../../server/storage/engine/open.ts";
import { openStore } from "../../../../server/storage/open-store.ts";
import type { Request } from "../../../../server/storage/operations.ts";
import type { Store } from "../../../../server/storage/store.ts";
import { startStorageWorker } from "../../../../server/storage/storage-worker.ts";
import { grantFor, letterFrom, newAccount } from "./test-store.ts";

const closeMs = 20_000;

describe("the thread of the storage", function () {
  this.timeout(30_000);
  let folder: string;
  let events: string[];
  let commits: number;
  let lost: Error[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-thread-"));
    events = [];
    commits = 0;
    lost = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const note = (event: string) => void events.push(event);
  const open = () =>
    openStore(
      folder,
      {
        clock: systemClock,
        log: { debug: note, info: note, warn: note, error: note },
        committed: () => (commits += 1),
      },
      (error) => lost.push(error),
    );
  const account = async (store: Store, name: string): Promise<Account> => {
    await store.accounts.create(newAccount(name));
    const made = store.accounts.find(name);
    assert.ok(made);
    return made;
  };
  const append = (store: Store, to: Account, from: Account, mid: string) =>
    new Promise<Appended>((done) => store.mailbox.append(to.id, letterFrom(from, mid), done));

  it("keeps what it is told, and gives it back to the next one", async () => {
    let store = await open();
    const [alice, bob] = [await account(store, "alice"), await account(store, "bob")];
    const issued = await store.tokens.issue(grantFor(alice));
    assert.ok(issued !== "failed");
    const appended = await append(store, bob, alice, "m\u0000\ud800");
    assert.equal(appended.kind, "stored");
    assert.deepEqual([store.figures.letters, store.works], [1, true]);
    assert.equal(await store.close(closeMs), true);
    store = await open();
    assert.deepEqual(store.accounts.find("Alice"), alice);
    assert.deepEqual(store.tokens.find(issued.token)?.grant, grantFor(alice));
    assert.equal(store.mailbox.mayHold(bob.id), true);
    const letters = await new Promise((done) => store.mailbox.read(bob.id, 0, { messages: 9, bytes: 9 }, done));
    assert.deepEqual(letters, [{ ...letterFrom(alice, "m\u0000\ud800"), seq: "seq" in appended && appended.seq }]);
    assert.ok(store.figures.databaseBytes > 0);
    assert.equal(await store.close(closeMs), true);
    assert.deepEqual([lost, events], [[], []]);
  });

  it("writes what comes in one turn, and while it is at work, in few transactions", async () => {
    const store = await open();
    const [alice, bob] = [await account(store, "alice"), await account(store, "bob")];
    const before = commits;
    const all = Array.from({ length: 1_000 }, (_, index) => append(store, bob, alice, `m${index}`));
    assert.deepEqual(new Set((await Promise.all(all)).map(({ kind }) => kind)), new Set(["stored"]));
    assert.ok(commits - before < 10, `${commits - before}`);
    await store.close(closeMs);
  });

  it("writes what was asked in the turn of its end, and fails what is asked later", async () => {
    const store = await open();
    const [alice, bob] = [await account(store, "alice"), await account(store, "bob")];
    const last = append(store, bob, alice, "last");
    const closed = store.close(closeMs);
    assert.deepEqual([(await last).kind, await closed], ["stored", true]);
    assert.equal((await append(store, bob, alice, "too late")).kind, "failed");
    assert.equal(store.works, false);
  });

  it("refuses a database that it cannot open, with a sentence and an exit code", async () => {
    writeFileSync(join(folder, "chat-room.db"), "no database, but long enough to be looked at ".repeat(100));
    await assert.rejects(open(), (error) => {
      assert.ok(error instanceof StartFailure);
      assert.match(error.message, /not a healthy SQLite database.*backup/);
      return error.exitCode === 3;
    });
    rmSync(join(folder, "chat-room.db"));
    const database = openServerDatabase(folder, true);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await assert.rejects(open(), (error) => error instanceof StartFailure && error.exitCode === 3);
  });

  it("fails what cannot be sent to it, and goes on with the rest", async () => {
    const store = await open();
    const nonsense = (() => "no text") as unknown as string;
    assert.equal(await store.client.ask("isInvited", nonsense), "failed");
    assert.equal(await store.client.ask("isInvited", "unknown"), false);
    assert.deepEqual(events, ["operation_failed"]);
    await store.close(closeMs);
  });

  it("is reported lost if it ends by itself", async () => {
    const ended = new Promise<Error>((resolve) => {
      const ignore = () => undefined;
      const started = startStorageWorker(folder, { loaded: ignore, reply: ignore, lost: resolve });
      // Nothing that the client sends; as a bug would.
      void started.then((worker) => worker.post({} as Request));
    });
    assert.match((await ended).message, /iterable|undefined/);
  });

  it("does not keep anybody from going on if it hangs in the disk, and says so when it is to end", async function () {
    if (process.platform === "win32") this.skip();
    const store = await open();
    const alice = await account(store, "alice");
    // The next entry of the audit log waits until somebody reads from the other end.
    const fifo = join(folder, "audit.log");
    rmSync(fifo);
    execFileSync("mkfifo", [fifo]);
    store.note({ event: "nothing" });
    assert.equal(await store.close(200), false);
    assert.deepEqual(store.accounts.find("alice"), alice);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    assert.equal(await store.close(closeMs), true);
    closeSync(reader);
  });
});
