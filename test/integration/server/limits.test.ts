// The limits of section 8 over real sockets: what is beyond them is told so and harms nobody else.

import assert from "node:assert/strict";
import { LineClient, signedIn } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("limits of a running server", function () {
  this.timeout(30_000);
  let server: ChatServer;
  const clients: LineClient[] = [];

  async function start(...args: string[]): Promise<number> {
    server = await startChatServer({ args: ["--password-cost", "8,1", ...args] });
    return server.port;
  }
  async function open(port: number): Promise<LineClient> {
    const client = await LineClient.open(port);
    clients.push(client);
    return client;
  }
  /** What the connection is told before it is closed. */
  async function fate(client: LineClient): Promise<unknown> {
    client.sendRaw("\n");
    const told = await client.answer();
    await client.closed;
    return told["code"];
  }

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await server.dispose();
  });

  it("has so many connections per address open, tells the next one, and takes another when one has left [P-8.5]", async () => {
    const port = await start("--limit-loopback", "--connections", "8");
    const served = await Promise.all(Array.from({ length: 8 }, () => open(port)));
    assert.equal(await fate(await open(port)), "rate_limited");
    const [first, second] = served;
    first?.halfClose();
    await first?.closed;
    const next = await open(port);
    assert.equal((await next.ask({ type: "alive" }))["code"], "not_authenticated");
    assert.equal((await second?.ask({ type: "alive" }))?.["code"], "not_authenticated");
  });

  it("takes so many new connections per minute of an address, and any number from loopback addresses [P-8.5]", async () => {
    const port = await start("--limit-loopback", "--connections", "0", "--connections-per-minute", "20");
    for (let opened = 0; opened < 20; opened += 1) (await open(port)).destroy();
    assert.equal(await fate(await open(port)), "rate_limited");
    await server.dispose();
    const other = await start("--connections-per-minute", "20");
    for (let opened = 0; opened < 100; opened += 1) await open(other);
    assert.equal((await clients.at(-1)?.ask({ type: "alive" }))?.["code"], "not_authenticated");
  });

  it("counts nobody who signed in: more people than that share an address [P-8.5]", async () => {
    const port = await start("--limit-loopback", "--connections", "4", "--connections-per-minute", "12");
    for (let person = 0; person < 20; person += 1) clients.push(await signedIn(port, `person${person}`));
    assert.equal((await clients[0]?.ask({ type: "alive" }))?.["result"], "ok");
  });

  it("closes a connection that does not authenticate within 10 s, whatever it says meanwhile [P-8.1]", async () => {
    const port = await start();
    const [silent, chatty] = [await open(port), await open(port)];
    const startMs = performance.now();
    const chat = setInterval(() => chatty.send({ type: "online" }), 500);
    await Promise.all([silent.closed, chatty.closed]);
    clearInterval(chat);
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs > 9_000 && tookMs < 20_000, `${tookMs} ms`);
  });

  it("reads a hasty session more slowly, refuses none of its messages, and serves others as before [P-8.6]", async () => {
    const port = await start("--rate", "40");
    const [alice, bob, carol] = [
      await signedIn(port, "alice"),
      await signedIn(port, "bob", { acks: true }),
      await signedIn(port, "carol"),
    ];
    clients.push(alice, bob, carol);
    const startMs = performance.now();
    const count = 460;
    const answers = Array.from({ length: count }, (_, id) => {
      alice.send({ type: "message", to: "bob", msg: `${id}`, mid: `m${id}`, id });
      return alice.answer(id);
    });
    const aside = performance.now();
    assert.equal((await carol.ask({ type: "message", to: "bob", msg: "hello" }))["result"], "ok");
    assert.ok(performance.now() - aside < 3_000);
    for (const answer of await Promise.all(answers)) assert.equal(answer["result"], "ok");
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs > 500 && tookMs < 20_000, `${tookMs} ms`);
    const texts = bob.waitingPushes.filter((push) => push["from"] === "alice").map((push) => push["msg"]);
    assert.deepEqual(
      texts,
      Array.from({ length: count }, (_, id) => `${id}`),
    );
  });

  it("keeps in the mailbox what a client does not read, and hands all of it out later [P-8.3, P-5.2]", async () => {
    const port = await start("--rate", "0");
    const [alice, bob] = [await signedIn(port, "alice"), await signedIn(port, "bob", { acks: true })];
    clients.push(alice, bob);
    bob.socket.pause();
    const msg = "x".repeat(50_000);
    const outcomes = Array.from({ length: 200 }, (_, id) => {
      alice.send({ type: "message", to: "bob", msg, id });
      return alice.answer(id);
    });
    for (const answer of await Promise.all(outcomes)) assert.equal(answer["delivery"], "queued");
    bob.destroy();
    const again = await LineClient.open(port);
    clients.push(again);
    again.acknowledges = true;
    await again.ask({ type: "auth", username: "bob", password: "pw bob", acks: true });
    for (let received = 0; received < 200; received += 1) assert.equal((await again.push("message"))["msg"], msg);
  });
});
