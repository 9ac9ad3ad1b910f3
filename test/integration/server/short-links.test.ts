// Clients that open a connection for each request [P-3.4, P-3.5, P-6].

import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { createInterface } from "node:readline";
import { LineClient, signedIn } from "../../support/line-client.ts";
import type { Line } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

/** One request on a connection of its own, half-closed behind it as `nc` does. */
async function once(server: ChatServer, request: object): Promise<Line> {
  const client = await LineClient.open(server.port);
  client.sendRaw(JSON.stringify(request));
  client.halfClose();
  const answer = await client.answer();
  await client.closed;
  return answer;
}

/** A seed client's own listener: takes one push a connection. */
class PushListener {
  readonly server: Server;
  readonly #pushes: Line[] = [];
  /** Connections so far. */
  calls = 0;
  #wake: () => void = () => undefined;

  constructor(answer = '{"result":"ok"}\n') {
    this.server = createServer((socket) => {
      this.calls += 1;
      socket.on("error", () => undefined);
      createInterface({ input: socket }).once("line", (line) => {
        this.#pushes.push(JSON.parse(line) as Line);
        this.#wake();
        socket.end(answer);
      });
    });
  }

  async port(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async next(): Promise<Line> {
    for (;;) {
      const push = this.#pushes.shift();
      if (push) return push;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

describe("a client that opens a connection for each request", function () {
  this.timeout(15_000);
  let server: ChatServer;
  let bob: LineClient;
  let listener: PushListener;

  before(async () => {
    server = await startChatServer();
    bob = await signedIn(server.port, "bob");
  });
  beforeEach(() => {
    listener = new PushListener();
  });
  afterEach(() => listener.server.close());
  after(async () => {
    bob.destroy();
    await server.dispose();
  });

  async function enter(username: string, added: object = {}): Promise<string> {
    assert.equal((await once(server, { type: "register", username, password: "pw" }))["result"], "ok");
    const answer = await once(server, { type: "auth", username, password: "pw", ...added });
    return String(answer["token"]);
  }

  it("is served by its token, and without it told how [P-3.3, P-3.4]", async () => {
    const token = await enter("carol");
    assert.equal((await once(server, { type: "message", from: "carol", to: "bob", msg: "hi", token }))["result"], "ok");
    assert.equal((await bob.push("message"))["from"], "carol");
    const refused = await once(server, { type: "message", from: "carol", to: "bob", msg: "hi" });
    assert.equal(refused["code"], "not_authenticated");
    for (const way of ["auth", "token", "--classic"]) assert.ok(String(refused["reason"]).includes(way));
    assert.equal((await once(server, { type: "logout", from: "carol", token }))["result"], "ok");
    assert.equal((await once(server, { type: "alive", token }))["code"], "not_authenticated");
  });

  it("gets its pushes at its port, in order, acknowledged there [P-6, P-5.5]", async () => {
    const port = await listener.port();
    await enter("dave", { port: String(port) });
    for (const msg of ["one", "two", "three"]) bob.send({ type: "message", to: "dave", msg, id: msg });
    for (const msg of ["one", "two", "three"]) {
      const push = await listener.next();
      assert.deepEqual([push["type"], push["from"], push["to"], push["msg"]], ["message", "bob", "dave", msg]);
      assert.equal((await bob.answer(msg))["delivery"], "delivered");
    }
  });

  it("is not called if it acknowledges: its messages wait for it, and are removed once it has answered [P-5.2, P-6]", async () => {
    const port = await listener.port();
    await enter("harry", { port, acks: true });
    assert.equal((await bob.ask({ type: "message", to: "harry", msg: "one" }))["delivery"], "queued");
    assert.equal(listener.calls, 0);
    const harry = await LineClient.open(server.port);
    harry.acknowledges = true;
    harry.send({ type: "auth", username: "harry", password: "pw", port, acks: true });
    assert.equal((await harry.push("message"))["msg"], "one");
    harry.destroy();
  });

  it("gets its mail again if it closed its link before it could read it, until it answers [P-5.5]", async () => {
    await enter("ivy");
    assert.equal((await bob.ask({ type: "message", to: "ivy", msg: "one" }))["delivery"], "queued");
    for (let time = 0; time < 3; time += 1) {
      assert.equal((await once(server, { type: "auth", username: "ivy", password: "pw" }))["result"], "ok");
    }
    const ivy = await LineClient.open(server.port);
    ivy.send({ type: "auth", username: "ivy", password: "pw" });
    const push = await ivy.push("message");
    assert.equal(push["msg"], "one");
    ivy.acknowledge(push);
    await ivy.ask({ type: "alive" });
    ivy.destroy();
    assert.equal((await bob.ask({ type: "message", to: "ivy", msg: "two" }))["delivery"], "queued");
    const again = await LineClient.open(server.port);
    again.send({ type: "auth", username: "ivy", password: "pw" });
    assert.equal((await again.push("message"))["msg"], "two");
    again.destroy();
  });

  it("gets one message after the other if each connection answers the first it reads, without its id [P-2.2, P-5.5]", async () => {
    await enter("lea");
    const texts = ["one", "two", "three", "four"];
    for (const msg of texts) assert.equal((await bob.ask({ type: "message", to: "lea", msg }))["delivery"], "queued");
    const read: unknown[] = [];
    for (let left = texts.length; left > 0; left -= 1) {
      const lea = await LineClient.open(server.port);
      lea.send({ type: "auth", username: "lea", password: "pw" });
      for (let waiting = left; waiting > 0; waiting -= 1) {
        const { msg } = await lea.push("message");
        if (waiting === left) read.push(msg);
      }
      lea.send({ result: "ok" });
      await lea.ask({ type: "alive" });
      lea.destroy();
    }
    assert.deepEqual(read, texts);
  });

  it("hears there of the login that ends its session [P-4.1, P-6.4]", async () => {
    const port = await listener.port();
    await enter("jack", { port });
    const elsewhere = await LineClient.open(server.port);
    await elsewhere.ask({ type: "auth", username: "jack", password: "pw", device: "other" });
    const kill = await listener.next();
    assert.deepEqual([kill["type"], kill["reason"]], ["kill", "you have logged in at another place."]);
    elsewhere.destroy();
  });

  it("is asked for its address there [P-6.3]", async () => {
    const port = await listener.port();
    await enter("erin", { port });
    const answer = bob.ask({ type: "address", target: "erin" });
    assert.equal((await listener.next())["type"], "request");
    assert.equal((await answer)["port"], String(port));
  });

  it("does not keep a server from ending whose question it has not answered", async () => {
    const other = await startChatServer();
    const silent = createServer();
    const asked = new Promise<void>((resolve) => silent.once("connection", () => resolve()));
    try {
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const { port } = silent.address() as AddressInfo;
      await once(other, { type: "register", username: "kim", password: "pw" });
      await once(other, { type: "auth", username: "kim", password: "pw", port });
      const asker = await signedIn(other.port, "asker");
      asker.send({ type: "address", target: "kim" });
      await asked;
      const startMs = performance.now();
      assert.equal((await other.stop()).code, 0);
      assert.ok(performance.now() - startMs < 10_000);
    } finally {
      silent.close();
      await other.dispose();
    }
  });

  it("finds what its port did not take in its mailbox [P-5.2]", async () => {
    const port = await listener.port();
    listener.server.close();
    await enter("frank", { port });
    assert.equal((await bob.ask({ type: "message", to: "frank", msg: "later" }))["delivery"], "queued");
    const frank = await signedIn(server.port, "frank2");
    frank.send({ type: "auth", username: "frank", password: "pw" });
    assert.equal((await frank.push("message"))["msg"], "later");
    frank.destroy();
  });

  it("is believed by its address with --classic, after auth and not before [P-3.5]", async () => {
    const classic = await startChatServer({ args: ["--classic"] });
    try {
      const username = "gina";
      await once(classic, { type: "register", username, password: "pw" });
      assert.equal((await once(classic, { type: "alive", from: username }))["code"], "not_authenticated");
      assert.equal((await once(classic, { type: "online" }))["code"], "not_authenticated");
      await once(classic, { type: "auth", username, password: "pw" });
      assert.deepEqual(await once(classic, { type: "alive", from: username }), { result: "ok" });
      assert.deepEqual(await once(classic, { type: "online" }), { gina: "gina" });
      assert.equal((await once(classic, { type: "logout", from: username }))["result"], "ok");
      assert.equal((await once(classic, { type: "alive", from: username }))["code"], "not_authenticated");
    } finally {
      await classic.dispose();
    }
  });
});
