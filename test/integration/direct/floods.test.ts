// Too much of something at the listener of a daemon, whose owner chats on a direct link meanwhile: questions, connections
// that say nothing, lines without end, answers that nobody reads. Each has a bound, and the chat goes on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { questionsChanged } from "../../../protocol/api/direct.ts";
import type { ConsentRequest } from "../../../protocol/api/direct.ts";
import { until, within } from "../../chaos/support/until.ts";
import { LineClient } from "../../support/line-client.ts";
import { isYes, overTls, provoke, strangersIdentity, tryOpen } from "./attacker.ts";
import { Siege } from "./siege.ts";

const mebibyte = 1_024 * 1_024;
const grownBytes = 48 * mebibyte;

describe("a flood at the listener of a daemon", function () {
  this.timeout(120_000);
  let siege: Siege;
  let [most, mostUnvouched] = [0, 0];

  before(async () => {
    siege = await Siege.begin();
    siege.bob.view.client.on(questionsChanged, ({ questions }) => {
      most = Math.max(most, questions.length);
      mostUnvouched = Math.max(mostUnvouched, questions.filter(({ vouched }) => !vouched).length);
    });
    await siege.carol.kill();
  });

  after(async () => await (siege as Siege | undefined)?.dispose());

  it("of questions from whoever is on this machine puts two before the person, and refuses the rest", async () => {
    const { bob } = siege;
    bob.answer = undefined;
    const stranger = await strangersIdentity();
    const opens = [(): Promise<LineClient> => LineClient.open(bob.port), () => overTls(bob.port, stranger)];
    for (let round = 0; round < 40; round += 1) {
      const client = await tryOpen(opens[round % 2] ?? (() => overTls(bob.port)));
      if (!client) continue;
      for (let name = 0; name < 50; name += 1) client.send({ type: "request", from: `stranger-${round}-${name}` });
      // The first may wait for the person; a connection may have so many requests under way.
      if (round >= 2) siege.tried("a question too many", await client.answer().catch(() => undefined));
      client.destroy();
    }
    assert.equal(mostUnvouched, 2);
    await answerAll(bob.asked);
  });

  it("of `address` at the server puts one question before the person", async () => {
    const { bob, server } = siege;
    bob.answer = undefined;
    const before = bob.asked.length;
    const client = await overTls(server.port, await strangersIdentity());
    const entry = { username: "dave", password: "secret of dave" };
    assert.ok(isYes(await client.ask({ type: "register", ...entry })));
    assert.ok(isYes(await client.ask({ type: "auth", ...entry, port: "9" })));
    for (let count = 0; count < 300; count += 1) client.send({ type: "address", target: "bob", id: count });
    await bob.untilAsked(before + 1);
    bob.answer = "deny";
    await answerAll(bob.asked.slice(before));
    for (let count = 0; count < 300; count += 1) {
      const answer = await client.answer(count);
      siege.tried("an address too many", answer);
      assert.deepEqual([answer["ip"], answer["port"]], ["null", "null"]);
    }
    const vouched = bob.asked.slice(before).filter((question) => question.vouched);
    assert.ok(most - mostUnvouched <= 1 && vouched.length <= 2, `${vouched.length} questions`);
    client.destroy();
  });

  it("of bytes without a newline is cut off at 4 KiB before and at 64 KiB after admission", async () => {
    const { bob, carol } = siege;
    const rss = residentBytes(bob.daemon.process.pid);
    for (let round = 0; round < 6; round += 1) {
      const plain = connect(bob.port, "127.0.0.1");
      assert.ok((await poured(plain)) < 8 * mebibyte);
      const admitted = await overTls(bob.port, carol.identity);
      assert.ok(isYes(await provoke(admitted, { type: "request", from: "carol" })));
      assert.ok((await poured(admitted.socket)) < 8 * mebibyte);
      siege.tried("a line without end", undefined, false);
    }
    const grown = residentBytes(bob.daemon.process.pid) - rss;
    assert.ok(grown < grownBytes, `the daemon grew by ${grown} bytes`);
  });

  it("of requests whose answers nobody reads ends with that connection once it takes nothing for 10 s [P-8.3]", async () => {
    const { bob, carol } = siege;
    const rss = residentBytes(bob.daemon.process.pid);
    for (let round = 0; round < 2; round += 1) {
      const client = await overTls(bob.port, carol.identity);
      await provoke(client, { type: "request", from: "carol" });
      client.socket.pause();
      const written = await poured(client.socket, `${JSON.stringify({ type: "nonsense" })}\n`.repeat(2_000), 28_000);
      siege.tried("deaf", undefined, false);
      assert.ok(written < 64 * mebibyte, `${written} bytes were taken`);
    }
    const grown = residentBytes(bob.daemon.process.pid) - rss;
    assert.ok(grown < grownBytes, `the daemon grew by ${grown} bytes`);
  });

  it("of handshakes that are never finished is gone after 10 s, and others come in again", async () => {
    const { bob, carol } = siege;
    const begunMs = performance.now();
    const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]);
    const greetings: (Buffer | undefined)[] = [undefined, hello, Buffer.from("{"), Buffer.from(" ")];
    const sockets = Array.from({ length: 200 }, (_, count) => {
      const socket = connect(bob.port, "127.0.0.1");
      socket.on("error", () => undefined).resume();
      const greeting = greetings[count % greetings.length];
      if (greeting) socket.write(greeting);
      siege.tried("unfinished", undefined, false);
      return new Promise((resolve) => socket.once("close", resolve));
    });
    await within("all of them closed", 15_000, Promise.all(sockets));
    assert.ok(performance.now() - begunMs < 13_000);
    await carol.revive();
    await carol.view.untilState("connected");
    await carol.connectWithYes(bob);
    bob.answer = "deny";
  });

  it("did not keep bob from chatting", async () => {
    console.log(`      ${await siege.end()}`);
    for (const line of siege.cases) console.log(`        ${line}`);
  });

  async function answerAll(questions: readonly ConsentRequest[]): Promise<void> {
    for (const question of questions) await siege.bob.say("deny", question);
  }
});

/** As fast as it is taken. @returns the bytes that were taken @throws where the other end does not close it in time */
async function poured(socket: Socket, text = "x".repeat(64 * 1_024), patienceMs = 5_000): Promise<number> {
  socket.on("error", () => undefined);
  const more = (): void => {
    while (!socket.destroyed && socket.bytesWritten < 64 * mebibyte && socket.write(text));
  };
  socket.on("drain", more);
  more();
  await until("the other end closed it", () => socket.destroyed, patienceMs);
  return socket.bytesWritten - socket.writableLength;
}

function residentBytes(pid: number | undefined): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"))?.[1];
  return Number(kib) * 1_024;
}
