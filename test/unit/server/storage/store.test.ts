import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageId } from "../../../../protocol/ids.ts";
import { checkName, keyOfName } from "../../../../protocol/names.ts";
import type { Log } from "../../../../server/core/ports.ts";
import { lockFolder } from "../../../../server/storage/folder-lock.ts";
import { databaseName, openServerDatabase, Store } from "../../../../server/storage/store.ts";

const silent = () => undefined;
const noLog: Log = { debug: silent, info: silent, warn: silent, error: silent };
const clock = { nowMs: () => 1_000, monotonicMs: () => 1_000 };
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the data folder of the server", () => {
  let folder: string;
  let store: Store;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-store-"));
    store = new Store(openServerDatabase(folder), clock, noLog);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  async function account(raw: string): Promise<number> {
    const check = checkName(raw);
    assert.ok(check.ok);
    await store.directory.create(check.name, check.key, "hash");
    return store.directory.find(check.key)?.id ?? 0;
  }

  /** As an admin command does. */
  function outside(sql: string): void {
    const other = openServerDatabase(folder);
    other.exec(sql);
    other.close();
  }

  const grant = { address: "127.0.0.1", port: 7, device: "d", presence: true, acks: false };

  it("gives back everything when it is opened again", async () => {
    const [alice, bob] = [await account("alice"), await account("bob")];
    await store.directory.put(alice, bob);
    const issued = await store.tokens.issue({ account: alice, ...grant });
    assert.ok(issued !== "failed");
    store.close();
    store = new Store(openServerDatabase(folder), clock, noLog);
    assert.deepEqual(store.directory.get(alice), { id: alice, name: "alice", key: "alice" });
    assert.equal(store.directory.has(alice, bob), true);
    assert.deepEqual(store.tokens.find(issued.token)?.grant, { account: alice, ...grant });
  });

  it("issues no token for a password that another process has changed meanwhile [P-3.4]", async () => {
    const alice = { account: await account("alice"), ...grant };
    outside("UPDATE account SET password = 'another'; DELETE FROM token");
    assert.equal(await store.tokens.issue(alice, "hash"), "failed");
    assert.notEqual(await store.tokens.issue(alice, "another"), "failed");
  });

  it("holds no token and no password, only what they hash to [P-3.4]", async () => {
    const issued = await store.tokens.issue({ account: await account("alice"), ...grant });
    assert.ok(issued !== "failed");
    store.close();
    const bytes = readFileSync(join(folder, databaseName)).toString("latin1");
    assert.equal(bytes.includes(issued.token), false);
    store = new Store(openServerDatabase(folder), clock, noLog);
  });

  it("sees what another process changed at the next look, and nothing where nothing was changed", async () => {
    await account("alice");
    await turn();
    assert.equal(store.directory.refresh(), false);
    await turn();
    outside("INSERT INTO account (key, name, password, created_ms) VALUES ('zoe', 'Zoe', 'h', 0)");
    assert.equal(store.directory.refresh(), true);
    assert.equal(store.directory.find(keyOfName("zoe"))?.name, "Zoe");
    await turn();
    assert.equal(store.directory.refresh(), false);
  });

  it("says whether it works", () => {
    assert.equal(store.works, true);
    store.close();
    assert.equal(store.works, false);
    store = new Store(openServerDatabase(folder), clock, noLog);
  });

  it("does not take its own writes for those of another process", async () => {
    await account("alice");
    await turn();
    assert.equal(store.directory.refresh(), false);
  });

  it("refuses what belongs to an account that another process removed", async () => {
    const [alice, bob] = [await account("alice"), await account("bob")];
    outside("DELETE FROM account WHERE name = 'bob'");
    const letter = { from: "alice", mid: "m" as MessageId, ts: 1, msg: "x" };
    const stored = new Promise((resolve) => {
      const from = store.directory.get(alice)?.name;
      assert.ok(from);
      store.mailbox.append(bob, { ...letter, from }, { stored: resolve });
    });
    assert.equal(await stored, "failed");
    assert.equal(await store.tokens.issue({ account: bob, ...grant }), "failed");
  });

  it("never gives the id of a removed account to another one", async () => {
    const first = await account("alice");
    outside("DELETE FROM account");
    await turn();
    store.directory.refresh();
    assert.notEqual(await account("alice"), first);
  });

  it("is one server's at a time, until that gives it back", () => {
    const lock = lockFolder(folder);
    assert.ok(lock);
    assert.equal(lockFolder(folder), undefined);
    lock.dispose();
    const again = lockFolder(folder);
    assert.ok(again);
    again.dispose();
  });
});
