import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { openDatabase } from "../../../../../base/sqlite.ts";
import { backupsOf, removeOldBackups } from "../../../../../daemon/history/upkeep/backups.ts";
import { followKey } from "../../../../../daemon/history/open/folders.ts";
import { History } from "../../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../../daemon/history/schema.ts";
import { KeyBook } from "../../../../../daemon/peer/key-book.ts";
import { keyOfName } from "../../../../../protocol/names.ts";
import type { Pin } from "../../../../../protocol/pin.ts";
import { openIn } from "../../opener.ts";
import { contact, received } from "../../stored.ts";
import { add } from "../writes.ts";

const [one, two] = ["A", "B"].map((letter) => letter.repeat(43) as Pin) as [Pin, Pin];

describe("the folder of an account", () => {
  let home: string;
  let servers: Map<string, Pin>;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    servers = new Map();
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const folders = (): string[] => readdirSync(join(home, "accounts"));

  async function folderOf(user: string, server: string): Promise<string> {
    const { history, file } = await openIn(home, { user, server }, servers);
    history.dispose();
    return file.folder;
  }

  /** What a version before wrote: a folder by the address. */
  function former(user: string, server: string, ...texts: string[]): string {
    const hash = createHash("sha256").update(`${server}\n${user}`).digest("hex").slice(0, 12);
    const folder = join(home, "accounts", `${user}-${hash}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const history = new History(openDatabase(join(folder, "history.db"), historyMigrations), keyOfName(user));
    history.commit([contact("user:bob"), ...texts.map((text, at) => add(received(at + 1, { mid: text, text })))]);
    history.dispose();
    return folder;
  }

  async function textsOf(user: string, server: string): Promise<string[]> {
    const { history, loaded } = await openIn(home, { user, server }, servers);
    const texts = loaded.contacts.flatMap(({ conversation }) => history.page(conversation, undefined, 99).messages);
    history.dispose();
    return texts.map(({ text }) => text).sort();
  }

  it("is the same under every address of one server, and another for another server or user", async () => {
    for (const address of ["127.0.0.1:1", "localhost:1", "chat.example:1", "moved.example:2"])
      servers.set(address, one);
    servers.set("other:1", two);
    const found = new Set<string>();
    for (const address of servers.keys()) found.add(await folderOf("alice", address));
    assert.equal(found.size, 2);
    assert.notEqual(await folderOf("bob", "127.0.0.1:1"), await folderOf("alice", "127.0.0.1:1"));
    assert.equal(await folderOf("ALICE", "moved.example:2"), await folderOf("alice", "127.0.0.1:1"));
    assert.equal(folders().length, 3);
  });

  it("is the one of before, which was by the address, also under another address of that server", async () => {
    const before = former("alice", "127.0.0.1:1", "hello");
    for (const address of ["127.0.0.1:1", "localhost:1"]) servers.set(address, one);
    assert.equal(await folderOf("alice", "localhost:1"), before);
    assert.deepEqual(await textsOf("alice", "127.0.0.1:1"), ["hello"]);
    assert.equal(folders().length, 1);
  });

  it("takes in what lies under other addresses of that server, once, with the keys of contacts", async () => {
    const [left, right] = [former("alice", "127.0.0.1:1", "a", "b"), former("alice", "localhost:1", "b", "c")];
    const peer = (user: string, pin: Pin) => ({ user, name: user, pin, verified: true, firstSeenMs: 1 });
    const book = (...peers: object[]): string => JSON.stringify({ peers });
    writeFileSync(join(left, "peers.json"), book(peer("bob", one)), { mode: 0o600 });
    writeFileSync(join(right, "peers.json"), book(peer("bob", two), peer("carl", two)), { mode: 0o600 });
    writeFileSync(join(right, "history.db.corrupt-2026"), "damaged");
    writeFileSync(join(left, "history.db.corrupt-2026"), "damaged too");
    for (const address of ["127.0.0.1:1", "localhost:1"]) servers.set(address, one);
    for (const address of servers.keys()) assert.deepEqual(await textsOf("alice", address), ["a", "b", "c"]);
    const [folder = "", ...more] = folders();
    assert.deepEqual(more, []);
    const names = readdirSync(join(home, "accounts", folder));
    assert.equal(names.filter((name) => name.includes("corrupt")).length, 2);
    assert.equal(names.filter((name) => name.endsWith("-backup")).length, 1, "the other one is kept for a while");
    const keys = new KeyBook(join(home, "accounts", folder, "peers.json"));
    assert.equal(keys.get(keyOfName("carl"))?.pin, two);
    assert.ok(keys.get(keyOfName("bob")));
  });

  it("keeps each history that was taken in for a while from then on, however old its file is", async () => {
    const addresses = ["127.0.0.1:1", "localhost:1", "chat.example:1"];
    for (const [at, address] of addresses.entries()) {
      const path = join(former("alice", address, `text ${at}`), "history.db");
      servers.set(address, one);
      utimesSync(path, 1_000 + at, 1_000 + at);
    }
    const nowMs = Date.UTC(2026, 0, 1);
    const { history, file } = await openIn(home, { user: "alice", server: "localhost:1" }, servers, { nowMs });
    history.dispose();
    removeOldBackups(file.path, nowMs + 29 * 24 * 3_600_000);
    assert.equal(backupsOf(file.path).length, 2);
    removeOldBackups(file.path, nowMs + 31 * 24 * 3_600_000);
    assert.deepEqual(backupsOf(file.path), []);
  });

  it("keeps no copy of what was deleted before they became one", async () => {
    const [left, right] = [former("alice", "127.0.0.1:1", "a"), former("alice", "localhost:1", "b")];
    for (const [folder, text] of [
      [left, "a"],
      [right, "b"],
    ] as const) {
      const path = join(folder, "history.db");
      writeFileSync(`${path}.v4-backup`, "");
      const history = new History(openDatabase(path, historyMigrations), keyOfName("alice"));
      if (text === "a") history.commit([{ kind: "purge", conversation: "user:bob", throughSeq: 1 }]);
      history.dispose();
    }
    const future = new Date(Date.now() + 60_000);
    utimesSync(join(left, "history.db"), future, future);
    for (const address of ["127.0.0.1:1", "localhost:1"]) servers.set(address, one);
    assert.deepEqual(await textsOf("alice", "localhost:1"), ["b"]);
    assert.deepEqual(
      readdirSync(left).filter((name) => name.startsWith("history.db.v")),
      ["history.db.v4-backup"],
      "of the other one, of which nothing was deleted",
    );
  });

  it("keeps both where one of them cannot be read, and opens the one that can", async () => {
    const [left, right] = [former("alice", "127.0.0.1:1", "a"), former("alice", "localhost:1", "b")];
    writeFileSync(join(right, "history.db"), "no database at all, and long enough for a header".repeat(99));
    const future = new Date(Date.now() + 60_000);
    utimesSync(join(left, "history.db"), future, future);
    for (const address of ["127.0.0.1:1", "localhost:1"]) servers.set(address, one);
    assert.deepEqual(await textsOf("alice", "localhost:1"), ["a"]);
    assert.equal(existsSync(join(right, "history.db")), true);
  });

  it("is not another server's that now has the address, but stays the server's whose key was replaced", async () => {
    servers.set("127.0.0.1:1", one);
    const before = await folderOf("alice", "127.0.0.1:1");
    servers.set("moved:1", one);
    servers.set("127.0.0.1:1", two);
    assert.notEqual(await folderOf("alice", "127.0.0.1:1"), before);
    assert.equal(await folderOf("alice", "moved:1"), before);
    const three = "C".repeat(43) as Pin;
    followKey(home, "moved:1", three, () => servers);
    servers.set("moved:1", three);
    assert.equal(await folderOf("alice", "moved:1"), before);
    followKey(home, "unknown:1", three, () => servers);
  });

  it("does not depend on a label that is damaged", async () => {
    servers.set("127.0.0.1:1", one);
    const folder = await folderOf("alice", "127.0.0.1:1");
    writeFileSync(join(folder, "account.json"), "{");
    assert.equal(await folderOf("alice", "127.0.0.1:1"), folder);
  });
});
