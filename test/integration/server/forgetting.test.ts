// What a server promises to forget, looked for in every file that it has: while it runs, once it is at rest, and after it was
// stopped.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { signedIn } from "../../support/line-client.ts";
import type { LineClient } from "../../support/line-client.ts";
import { runServerCommand, startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("what a server forgets", function () {
  this.timeout(60_000);
  let data: string;
  let server: ChatServer;
  let alice: LineClient;

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), "chat-room-forgetting-"));
    server = await startChatServer({ data, args: ["--password-cost", "8,1"] });
    alice = await signedIn(server.port, "alice");
  });
  afterEach(async () => {
    alice.destroy();
    await server.dispose();
    rmSync(data, { recursive: true });
  });

  /** Long enough to be nowhere by chance, as in the letters of a key. */
  const bobsName = "bob-who-left";
  const secret = "the launch code is 4711, and so on, ";
  const filesWith = (text: string) =>
    readdirSync(data, { recursive: true, encoding: "utf8" }).filter((name) => {
      const file = statSync(join(data, name));
      return file.isFile() && readFileSync(join(data, name)).includes(text);
    });
  const queue = async (count: number) => {
    const bob = await signedIn(server.port, bobsName);
    await bob.ask({ type: "logout" });
    bob.destroy();
    for (let each = 0; each < count; each += 1) {
      const answer = await alice.ask({ type: "message", to: bobsName, msg: secret.repeat(20), mid: `m${each}` });
      assert.equal(answer["delivery"], "queued");
    }
  };
  /** At rest: its log is empty. */
  const rested = async () => {
    while (statSync(join(data, "chat-room.db-wal")).size > 0) await alice.ask({ type: "alive" });
  };

  it("is a delivered message, once it is at rest and after it was stopped", async () => {
    await queue(30);
    assert.notDeepEqual(filesWith(secret), []);
    const bob = await signedIn(server.port, bobsName, { acks: true });
    for (let each = 0; each < 30; each += 1) await bob.push("message");
    await bob.ask({ type: "logout" });
    bob.destroy();
    await rested();
    assert.deepEqual(filesWith(secret), []);
    await server.stop();
    assert.deepEqual(filesWith(secret), []);
  });

  it("is one that was delivered a moment before it was stopped", async () => {
    await queue(30);
    const bob = await signedIn(server.port, bobsName, { acks: true });
    for (let each = 0; each < 30; each += 1) await bob.push("message");
    await bob.ask({ type: "alive" });
    bob.destroy();
    await server.stop();
    assert.deepEqual(filesWith(secret), []);
  });

  it("is a removed account with its messages and its password, but for its name in the audit log", async () => {
    await queue(5);
    const database = new DatabaseSync(join(data, "chat-room.db"), { readOnly: true });
    const row = database.prepare("SELECT password, public_id FROM account WHERE name = ?").get(bobsName);
    database.close();
    const removed = await runServerCommand(["user", "remove", bobsName, "--data", data]);
    assert.equal(removed.code, 0);
    await rested();
    for (const trace of [secret, String(row?.["password"]), String(row?.["public_id"])]) {
      assert.deepEqual(filesWith(trace), []);
    }
    await server.stop();
    assert.deepEqual(filesWith(bobsName), ["audit.log"]);
  });
});
