// SIGTERM while everybody talks: the server is gone within 10 s with exit code 0, and every message that was answered `ok`
// has its recipient, before or after the next start.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signedIn } from "../../support/line-client.ts";
import type { LineClient } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";

const senders = 20;
const window = 20;
const recipients = ["online", "silent", "offline"];

describe("a busy server that is told to stop", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-stop-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("ends within 10 s with exit code 0, and loses nothing that it answered [P-5.1, P-5.2]", async () => {
    const server = await startChatServer({ data: folder, args: ["--rate", "0"] });
    await (await signedIn(server.port, "offline")).ask({ type: "logout" });
    const online = await signedIn(server.port, "online", { acks: true });
    const silent = await signedIn(server.port, "silent", { acks: true });
    silent.acknowledges = false;
    const clients = await Promise.all(Array.from({ length: senders }, (_, at) => signedIn(server.port, `sender${at}`)));
    const acknowledged = new Set<string>();
    const talking = clients.map((client, at) => talk(client, at, acknowledged));
    while (acknowledged.size < 1_000) await new Promise((resolve) => setTimeout(resolve, 5));
    const startMs = performance.now();
    const { code } = await server.stop("SIGTERM");
    const tookMs = performance.now() - startMs;
    await Promise.all(talking);
    assert.equal(code, 0);
    assert.ok(tookMs < 10_000, `${tookMs} ms`);

    const taken = new Set(textsOf(online));
    const again = await startChatServer({ data: folder, args: ["--rate", "0"] });
    for (const name of recipients) {
      const client = await signedIn(again.port, name);
      await client.ask({ type: "message", to: name, msg: "the last one" });
      for (let msg = ""; msg !== "the last one"; taken.add(msg)) msg = String((await client.push("message"))["msg"]);
      client.destroy();
    }
    assert.deepEqual(
      [...acknowledged].filter((msg) => !taken.has(msg)),
      [],
    );
    for (const client of [online, silent, ...clients]) client.destroy();
    await again.dispose();
  });
});

/** Sends to each of the three, a window at a time, until the connection ends. */
async function talk(client: LineClient, who: number, acknowledged: Set<string>): Promise<void> {
  const one = async (msg: string, to: string) => {
    const answer = await client.ask({ type: "message", to, msg, mid: msg });
    if (answer["result"] === "ok") acknowledged.add(msg);
  };
  const all = async (to: string) => {
    for (let count = 0; ; count += window) {
      await Promise.all(Array.from({ length: window }, (_, at) => one(`${who}-${to}-${count + at}`, to)));
    }
  };
  // What was answered before the connection closed is in the set.
  await Promise.allSettled(recipients.map(all));
}

function textsOf(client: LineClient): string[] {
  return client.waitingPushes.map((push) => String(push["msg"]));
}
