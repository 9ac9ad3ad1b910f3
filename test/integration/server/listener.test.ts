// The listening socket with real connections: what comes from nowhere is not served, what is too much is told so, and what a
// proxy says is believed of the proxies alone.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { loopbackTrust } from "../../../protocol/ip/loopback.ts";
import { outwardAddress } from "../../support/certificates.ts";
import { Edge } from "../../support/edge.ts";
import { LineClient } from "../../support/line-client.ts";
import { proxyHeader } from "../../support/proxy-header.ts";
import { skip } from "../../support/skip.ts";

const line = `{"type":"alive"}\n`;
/** Sends a line and resets the connection behind it. */
const hasty = (port: number) => `
  const socket = require("node:net").connect(${port}, "127.0.0.1", () => {
    socket.write(${JSON.stringify(line)}, () => socket.resetAndDestroy());
  });
  socket.on("error", () => undefined);
`;
/** Everybody counts, this machine too. */
const counted = { trusts: loopbackTrust(false), limits: { open: 2, perMinute: 0, loopback: false } };

describe("the listening socket", () => {
  let edge: Edge;
  const clients: (LineClient | Socket)[] = [];
  const keep = <T extends LineClient | Socket>(client: T): T => {
    clients.push(client);
    return client;
  };
  const plain = async () => keep(await LineClient.open(edge.port));
  const secure = async () => keep(await LineClient.openTls(edge.port));

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await edge.dispose();
  });

  it("serves nobody whose address the system cannot tell any more: a push to it would go to this machine [P-6]", async () => {
    edge = await Edge.open();
    // While this process waits for that one, it takes no connection: the reset is there first.
    execFileSync(process.execPath, ["-e", hasty(edge.port)]);
    const next = await plain();
    await next.ask({ type: "alive" });
    assert.equal(edge.links.length, 1);
    assert.deepEqual([edge.links[0]?.address, edge.links[0]?.secure], ["127.0.0.1", false]);
  });

  it("tells the core what is encrypted, and what was read", async () => {
    edge = await Edge.open();
    const client = await secure();
    client.sendRaw("\n \n");
    await client.ask({ type: "alive" });
    assert.equal(edge.links[0]?.secure, true);
    assert.equal(edge.read.lines, 3);
  });

  it("serves JSON behind a byte order mark, and nothing else that begins like one [P-1.4]", async () => {
    edge = await Edge.open();
    const client = await plain();
    for (const byte of Buffer.from("\ufeff")) client.sendRaw(Uint8Array.of(byte));
    client.send({ type: "alive", id: 1 });
    assert.equal((await client.answer(1))["result"], "ok");
    const inside = await secure();
    inside.sendRaw('\ufeff{"type":"alive","id":1}\n');
    assert.equal((await inside.answer(1))["result"], "ok");
    for (const wrong of [Buffer.from([0xef, 0x7b]), Buffer.from("\ufeffGET / HTTP/1.1\r\n\r\n")]) {
      const stranger = await plain();
      stranger.sendRaw(wrong);
      await stranger.closed;
    }
  });

  describe("with as many connections of an address as it may have [P-8.5]", () => {
    beforeEach(async () => {
      edge = await Edge.open(counted);
      for (const client of [await plain(), await secure()]) await client.ask({ type: "alive" });
    });

    it("says so in plain JSON to one more, however much that one sends, and no reset overtakes it", async () => {
      for (let count = 0; count < 20; count += 1) {
        const client = await plain();
        const reset = once(client.socket, "error").then(() => assert.fail("the connection was reset"));
        client.sendRaw(line.repeat(200));
        const answer = await Promise.race([client.answer(), reset]);
        assert.deepEqual([answer["result"], answer["code"]], ["fail", "rate_limited"]);
        assert.match(String(answer["reason"]), /Close some, or try again in a minute.*--connections/);
        await client.closed;
      }
    });

    it("says so inside TLS to one more that speaks TLS, with the server's own key [P-1.7]", async () => {
      const client = await secure();
      const answer = await client.answer();
      assert.equal(answer["code"], "rate_limited");
      assert.match(String(answer["reason"]), /too many connections/);
      await client.closed;
    });

    it("shakes hands with no more than 4 of them at once, and closes the others", async () => {
      let closed = 0;
      await new Promise<void>((resolve) => {
        for (let count = 0; count < 20; count += 1) {
          // Begins a handshake and says no more: only the first record is sent.
          const begun = keep(connect(edge.port, "127.0.0.1", () => begun.write(Buffer.from([0x16, 3, 1, 2, 0, 1]))));
          begun
            .on("error", () => undefined)
            .once("close", () => {
              closed += 1;
              if (closed === 16) resolve();
            });
        }
      });
      assert.equal(closed, 16);
    });

    it("closes what speaks neither, and counts all of them, in one line of the log a minute", async () => {
      for (let count = 0; count < 5; count += 1) {
        const client = await plain();
        client.sendRaw("GET / HTTP/1.1\r\n\r\n");
        await client.closed;
      }
      assert.deepEqual(edge.events("connection_refused"), [
        { level: "warn", event: "connection_refused", address: "127.0.0.1", count: 1 },
      ]);
      assert.equal(edge.counters.refusedConnections, 5);
    });

    it("serves another one as soon as somebody has signed in, and refuses it again after they signed out", async () => {
      const [first] = clients;
      assert.ok(first instanceof LineClient);
      await first.ask({ type: "auth" });
      const next = await plain();
      assert.equal((await next.ask({ type: "alive" }))["result"], "ok");
      next.destroy();
      await edge.until(() => edge.frames.length === 4);
      await first.ask({ type: "logout" });
      const late = await plain();
      late.sendRaw(line);
      assert.equal((await late.answer())["code"], "rate_limited");
    });

    it("serves others, of another address", async () => {
      const other = keep(connect({ port: edge.port, host: "127.0.0.1", localAddress: "127.0.0.2" }));
      const client = new LineClient(other);
      assert.equal((await client.ask({ type: "alive" }))["from"], "127.0.0.2");
    });
  });

  describe("behind proxies", () => {
    const proxied = { proxies: ["127.0.0.1"], trusts: loopbackTrust(true) };

    it("takes the address that a proxy says for the client's own, over plain JSON and TLS", async () => {
      edge = await Edge.open(proxied);
      for (const [source, expected] of [
        ["203.0.113.7", "203.0.113.7"],
        ["2001:DB8:0::7", "2001:db8::7"],
        ["::ffff:203.0.113.7", "203.0.113.7"],
      ] as const) {
        const client = await plain();
        client.sendRaw(proxyHeader({ source, tlvs: [4, 0, 1, 0] }));
        assert.equal((await client.ask({ type: "alive" }))["from"], expected);
        const socket = keep(connect(edge.port, "127.0.0.1"));
        await once(socket, "connect");
        socket.write(proxyHeader({ source }));
        const inside = keep(connectTls({ socket, rejectUnauthorized: false }));
        await once(inside, "secureConnect");
        assert.equal((await new LineClient(inside).ask({ type: "alive" }))["from"], expected);
      }
    });

    it("reads the header at every point where it may be split, and what follows in the same piece", async () => {
      edge = await Edge.open(proxied);
      const sent = Buffer.concat([proxyHeader({ source: "203.0.113.7" }), Buffer.from('{"type":"alive","id":1}\n')]);
      for (let at = 1; at <= sent.length; at += 1) {
        const client = await plain();
        client.sendRaw(sent.subarray(0, at));
        // The other half is sent when this one has arrived.
        await new Promise<void>((resolve) => client.socket.write("", () => setImmediate(resolve)));
        client.sendRaw(sent.subarray(at));
        assert.equal((await client.answer(1))["from"], "203.0.113.7", `split at ${at}`);
        client.destroy();
      }
    });

    it("takes a proxy's own word about itself for its own address", async () => {
      edge = await Edge.open(proxied);
      const client = await plain();
      client.sendRaw(proxyHeader({ command: 0, family: 0, rest: [] }));
      assert.equal((await client.ask({ type: "alive" }))["from"], "127.0.0.1");
    });

    for (const [what, bytes] of [
      ["none", Buffer.from(line)],
      ["one in text", Buffer.from("PROXY TCP4 203.0.113.7 192.0.2.1 1 2\r\n")],
      ["one of UDP", proxyHeader({ source: "203.0.113.7", family: 0x12 })],
      ["one of nobody", proxyHeader({ source: "0.0.0.0" })],
    ] as const) {
      it(`closes a connection of a proxy with no right header (${what}), and says so in the log`, async () => {
        edge = await Edge.open(proxied);
        const client = await plain();
        client.sendRaw(bytes);
        await client.closed;
        const [logged] = edge.events("proxy_header_refused");
        assert.deepEqual([logged?.["proxy"], logged?.["count"], logged?.level], ["127.0.0.1", 1, "error"]);
        assert.ok(String(logged?.["reason"]).length > 10);
        assert.equal(edge.links.length, 0);
      });
    }

    it("believes no header of anybody else", async () => {
      edge = await Edge.open({ proxies: ["192.0.2.1"] });
      const client = await plain();
      client.sendRaw(proxyHeader({ source: "203.0.113.7" }));
      client.sendRaw("\n");
      client.send({ type: "alive", id: 1 });
      assert.equal((await client.answer(1))["from"], "127.0.0.1");
    });

    it("believes a loopback address only of a proxy on this machine: another one means its own", async function () {
      edge = await Edge.open({ host: "0.0.0.0", proxies: ["0.0.0.0/0"] });
      const near = await plain();
      near.sendRaw(proxyHeader({ source: "127.0.0.9" }));
      assert.equal((await near.ask({ type: "alive" }))["from"], "127.0.0.9");
      const outward = outwardAddress();
      if (outward === undefined) skip(this, "this machine has no address but loopback");
      for (const source of ["127.0.0.9", "::1", "::ffff:127.0.0.1"]) {
        const far = keep(await LineClient.open(edge.port, outward));
        far.sendRaw(proxyHeader({ source }));
        await far.closed;
      }
      assert.match(String(edge.events("proxy_header_refused")[0]?.["reason"]), /loopback address of another machine/);
      assert.equal(edge.links.length, 1);
    });

    it("limits whoever is behind the proxy, not the proxy", async () => {
      edge = await Edge.open({ ...counted, proxies: ["127.0.0.1"] });
      const from = async (source: string): Promise<unknown> => {
        const client = await plain();
        client.sendRaw(proxyHeader({ source }));
        client.sendRaw(line);
        return (await client.answer())["code"];
      };
      const codes = [];
      for (const source of ["203.0.113.7", "203.0.113.7", "203.0.113.7", "203.0.113.8"]) codes.push(await from(source));
      assert.deepEqual(codes, [undefined, undefined, "rate_limited", undefined]);
      assert.equal(edge.events("connection_refused")[0]?.["address"], "203.0.113.7");
    });

    it("takes plain JSON from nobody behind a proxy without --plain [P-1.8]", async () => {
      edge = await Edge.open({ ...proxied, plain: false });
      const client = await plain();
      client.sendRaw(proxyHeader({ source: "203.0.113.7" }));
      client.sendRaw(line);
      assert.match(String((await client.answer())["reason"]), /TLS 1\.3.*--plain/);
    });
  });

  it("takes plain JSON from loopback addresses only if they are trusted, or with --plain [P-1.8]", async () => {
    edge = await Edge.open({ plain: false, trusts: loopbackTrust(false) });
    const client = await plain();
    client.sendRaw(line);
    assert.equal((await client.answer())["code"], "bad_request");
    const inside = await secure();
    assert.equal((await inside.ask({ type: "alive" }))["result"], "ok");
  });

  it("takes no more connections than there are descriptors for, says so once a minute, and takes others later", async () => {
    edge = await Edge.open({ maxConnections: 3 });
    const taken = [await plain(), await plain(), await plain()];
    for (const client of taken) await client.ask({ type: "alive" });
    const dropped = await Promise.all(Array.from({ length: 5 }, () => plain()));
    await Promise.all(dropped.map((client) => client.closed));
    assert.deepEqual(edge.events("connections_dropped"), [
      { level: "error", event: "connections_dropped", why: "descriptors", count: 1, max: 3 },
    ]);
    assert.equal(edge.counters.droppedConnections, 5);
    const [first] = taken;
    first?.destroy();
    await edge.until(() => edge.links.length === 3 && edge.frames.length === 3);
    let answer: unknown;
    while (answer === undefined) {
      const client = await plain();
      answer = await client.ask({ type: "alive" }).catch(() => undefined);
    }
  });

  describe("with a client that shows who it is in each line [P-1.3, P-3.4]", () => {
    const message = (added: object, length: number) => ({
      type: "message",
      to: "bob",
      msg: "x".repeat(length),
      ...added,
    });

    it("takes as long a message from it as from anybody, with and without a newline", async () => {
      edge = await Edge.open();
      for (const open of [plain, secure]) {
        const client = await open();
        assert.equal((await client.ask(message({ token: "t" }, 61_438)))["result"], "ok");
        assert.equal((await client.ask({ type: "broadcast", msg: "x".repeat(61_000) }))["code"], undefined);
        client.sendRaw(JSON.stringify(message({ id: 1 }, 20_000)));
        assert.equal((await client.answer(1))["result"], "ok");
      }
    });

    it("takes no longer line of any other kind, and none beyond 65,536 bytes", async () => {
      edge = await Edge.open();
      for (const sent of [{ type: "auth", username: "x".repeat(5_000) }, message({ token: "t" }, 65_500)]) {
        const client = await plain();
        client.send(sent);
        assert.equal((await client.answer())["code"], "too_large");
        await client.closed;
      }
    });

    it("holds no more than 1 MiB of such lines for one address, and gives it back with the connections", async () => {
      edge = await Edge.open();
      const begin = async (): Promise<LineClient> => {
        const client = await plain();
        client.sendRaw(`{"token":"t","msg":"${"x".repeat(60_000)}`);
        return client;
      };
      const held = await Promise.all(Array.from({ length: 40 }, begin));
      const refused = held.map((client) =>
        client.answer().then(
          ({ code }) => code,
          () => "closed",
        ),
      );
      // Those that were not refused are waiting: 17 times 60,020 bytes are less than 1 MiB.
      const first = await Promise.race([
        Promise.all(refused),
        edge.until(() => edge.frames.length === 23).then(() => 23),
      ]);
      assert.equal(first, 23);
      for (const client of held) client.destroy();
      await Promise.all(held.map((client) => client.closed));
      const next = await plain();
      assert.equal((await next.ask(message({ token: "t" }, 60_000)))["result"], "ok");
    });
  });
});
