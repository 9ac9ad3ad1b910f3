// The database of an operator: copied beside a running server, restored, and brought forward from an older version.

import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../base/sqlite.ts";
import { migrations } from "../../../server/storage/schema.ts";
import { LineClient, signedIn } from "../../support/line-client.ts";
import { runServerCommand, startChatServer } from "../../support/server-process.ts";

describe("the database of chat-room-server", function () {
  this.timeout(30_000);
  let folder: string;
  let data: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-backup-"));
    data = join(folder, "data");
    file = join(folder, "backup.db");
    mkdirSync(data, { mode: 0o700 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const backup = (...args: string[]) => runServerCommand(["backup", ...args, "--data", data]);

  it("is copied while messages are stored, and holds all that was acknowledged before", async () => {
    const server = await startChatServer({ data });
    const alice = await signedIn(server.port, "alice");
    const bob = await signedIn(server.port, "bob");
    const { token } = await bob.ask({ type: "auth", username: "bob", password: "pw bob" });
    await alice.ask({ type: "block", target: "bob" });
    await signedIn(server.port, "carol").then((carol) => carol.ask({ type: "logout" }));
    const acknowledged: string[] = [];
    const send = async (msg: string) => {
      if ((await alice.ask({ type: "message", to: "carol", msg }))["delivery"] === "queued") acknowledged.push(msg);
    };
    for (let count = 0; count < 50; count += 1) await send(`before ${count}`);
    const before = [...acknowledged];
    const copying = new AbortController();
    const copied = backup(file).finally(() => copying.abort());
    for (let count = 0; !copying.signal.aborted; count += 1) await send(`meanwhile ${count}`);
    const { code, stdout, stderr } = await copied;
    assert.deepEqual([code, stderr], [0, ""]);
    assert.ok(stdout.includes(file));
    assert.ok(acknowledged.length > before.length);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await server.stop("SIGKILL");

    const restored = join(folder, "restored");
    mkdirSync(restored, { mode: 0o700 });
    copyFileSync(file, join(restored, "chat-room.db"));
    const again = await startChatServer({ data: restored });
    const carol = await signedIn(again.port, "carol");
    for (const msg of before) assert.equal((await carol.push("message"))["msg"], msg);
    const same = await LineClient.open(again.port);
    assert.equal((await same.ask({ type: "auth", token }))["result"], "ok");
    assert.equal((await same.ask({ type: "message", to: "alice", msg: "x" }))["code"], "blocked");
    for (const client of [alice, bob, carol, same]) client.destroy();
    await again.dispose();
  });

  it("is copied where no server runs, and left as it was", async () => {
    await runServerCommand(["user", "add", "zoe", "--password-stdin", "--data", data], { input: "pw\n" });
    writeFileSync(join(data, "some-key.pem"), "");
    const { code, stdout } = await backup(file);
    assert.equal(code, 0);
    assert.match(stdout, /Keep with it, from .*: some-key\.pem\n/);
    assert.deepEqual(readdirSync(data).sort(), ["audit.log", "chat-room.db", "server.lock", "some-key.pem"]);
    const copy = new DatabaseSync(file, { readOnly: true });
    assert.equal(copy.prepare("SELECT name FROM account").get()?.["name"], "zoe");
    copy.close();
  });

  it("is never copied over something, nor from nowhere, nor to nowhere", async () => {
    assert.equal((await backup(file)).code, 1);
    assert.ok(!existsSync(join(data, "chat-room.db")));
    await runServerCommand(["user", "add", "zoe", "--password-stdin", "--data", data], { input: "pw\n" });
    writeFileSync(file, "mine");
    assert.match((await backup(file)).stderr, /there already/);
    assert.equal(statSync(file).size, 4);
    assert.equal((await backup(join(folder, "no", "backup.db"))).code, 1);
    assert.deepEqual([(await backup()).code, (await backup(file, file)).code], [2, 2]);
  });

  it("of version 1 goes forward at the start, and a copy of it stays", async () => {
    const path = join(data, "chat-room.db");
    const old = openDatabase(path, migrations.slice(0, 1));
    old.exec("INSERT INTO account (id, key, name, password, created_ms) VALUES (1, 'bob', 'bob', 'x', 0)");
    const token = "a token of before";
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
    const stored = Date.now();
    old
      .prepare(
        "INSERT INTO token (account, hash, address, presence, acks, used_ms) VALUES (1, ?, '127.0.0.1', 0, 1, ?)",
      )
      .run(Buffer.from(hash).toString("base64url"), stored);
    old
      .prepare(
        "INSERT INTO letter (account, sender, mid, ts, msg, bytes, stored_ms) VALUES (1, 'al', 'm', 5, 'old', 3, ?)",
      )
      .run(stored);
    old.close();

    const server = await startChatServer({ data });
    const bob = await LineClient.open(server.port);
    assert.equal((await bob.ask({ type: "auth", token, acks: true }))["result"], "ok");
    const { from, msg, ts } = await bob.push("message");
    assert.deepEqual([from, msg, ts], ["al", "old", 5]);
    bob.destroy();
    await server.stop();

    const kept = `${path}.v1-backup`;
    assert.equal(statSync(kept).mode & 0o777, 0o600);
    const copy = new DatabaseSync(kept, { readOnly: true });
    assert.equal(copy.prepare("PRAGMA user_version").get()?.["user_version"], 1);
    assert.equal(copy.prepare("SELECT msg FROM letter").get()?.["msg"], "old");
    copy.close();
    const now = new DatabaseSync(path, { readOnly: true });
    assert.equal(now.prepare("PRAGMA user_version").get()?.["user_version"], migrations.length);
    now.close();

    await (await startChatServer({ data })).stop();
    assert.equal(readdirSync(data).filter((name) => name.includes("backup")).length, 1);
  });
});
