import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { makeCertificate } from "../../../support/certificates.ts";
import { LineClient } from "../../../support/line-client.ts";
import type { Line } from "../../../support/line-client.ts";
import type { FakeClock } from "../../../support/fake-clock.ts";
import { bytesUntilClosed, Peers } from "./peers.ts";
import type { Peer } from "./peers.ts";

describe("what a daemon's listener", () => {
  let clock: FakeClock;
  let peers: Peers;
  let alice: Peer;
  let bob: Peer;

  beforeEach(async () => ({ clock, peers, alice, bob } = await Peers.two("alice")));
  afterEach(() => peers.dispose());

  /** The line as the seed prints it, without an id. */
  const say = async (client: LineClient, line: string): Promise<Line> => {
    client.sendRaw(`${line}\n`);
    return await client.answer();
  };
  const refusal = ({ result, code, reason }: Line): unknown => {
    assert.equal(result, reason);
    assert.ok(typeof reason === "string" && reason.length > 10);
    return code;
  };

  it("is told by plain JSON on this machine, it answers with a code: only to ask is possible [P-6.7]", async () => {
    const client = await bob.callPlain();
    const told = async (line: string): Promise<unknown> => refusal(await say(client, line));
    assert.equal(
      await told('{"type": "message", "from": "alice", "to": "bob", "msg":"messages..."}'),
      "not_authenticated",
    );
    assert.equal(await told('{"type": "offline", "from": "alice"}'), "not_authenticated");
    const kill = '{"type": "kill", "reason": "you have logged in at another place."}';
    assert.equal(await told(kill), "denied");
    assert.equal(await told('{"type": "auth", "username": "abc", "password": "123"}'), "unknown_type");
    assert.equal(await told('{"type": "request"}'), "bad_request");
    assert.equal(await told('{"type": "request", "from": "bob"}'), "not_you");
    assert.equal(await told('{"type": "request", "from": "alice", "to": "carol"}'), "no_such_user");
    assert.equal(await told("no JSON at all: {"), "bad_frame");
    assert.deepEqual([bob.received, bob.direct.links.all()], [[], []]);
  });

  it("is asked by plain JSON on this machine goes to the person as nobody's word, and a yes admits nothing [P-6.3]", async () => {
    const client = await bob.callPlain();
    client.sendRaw('{"type": "request", "from": "alice"}\n');
    const [question] = await bob.until(
      "a question",
      () => bob.direct.questions.list().length > 0 && bob.direct.questions.list(),
    );
    assert.deepEqual(
      [question?.user, question?.vouched, question?.key, question?.keyChanged],
      ["alice", false, undefined, false],
    );
    await bob.answer("always");
    assert.deepEqual(await client.answer(), { result: "ok" });
    assert.equal(refusal(await say(client, '{"type":"message","from":"alice","msg":"x"}')), "not_authenticated");
    assert.deepEqual(await bob.service.consents({}, 1), { ok: true, consents: [] });
    assert.deepEqual(bob.received, []);
  });

  it("is asked in the name of somebody whose key is known says that no key, or another one, was shown", async () => {
    await alice.meet(bob);
    await alice.linked(bob);
    const client = await bob.callPlain();
    client.sendRaw('{"type": "request", "from": "alice"}\n');
    const [question] = await bob.until(
      "a question",
      () => bob.direct.questions.list().length > 0 && bob.direct.questions.list(),
    );
    assert.deepEqual([question?.vouched, question?.keyChanged], [false, true]);
    await bob.answer("deny");
    assert.equal(refusal(await client.answer()), "denied");
    const thief = await bob.callTls(await makeCertificate());
    assert.equal(refusal(await say(thief, '{"type":"request","from":"alice"}')), "not_you");
    assert.equal(refusal(await say(thief, '{"type":"message","from":"alice","msg":"x"}')), "not_authenticated");
    assert.deepEqual(bob.received, []);
  });

  it("is asked by a known device without a word of the person refuses it, and asks nobody [P-6.7]", async () => {
    await alice.meet(bob);
    await alice.linked(bob);
    await alice.service.disconnectDirectly({ user: "bob" }, 1);
    await bob.unlinked(alice);
    const client = await bob.callTls(alice.identity);
    assert.equal(refusal(await say(client, '{"type":"request","from":"alice"}')), "denied");
    assert.deepEqual(bob.direct.questions.list(), []);
  });

  it("gets from a browser is not read: the connection is closed without an answer [P-1.4]", async () => {
    const post = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n\r\n{"type":"request","from":"alice"}\n';
    for (const sent of [post, "GET / HTTP/1.1\r\n\r\n", "\0"]) assert.equal(await bytesUntilClosed(bob.port, sent), "");
    const secure = await bob.callTls(alice.identity);
    secure.sendRaw(post);
    await secure.closed;
    assert.deepEqual(bob.direct.questions.list(), []);
  });

  it("meets without a certificate, or by an old TLS, is closed", async () => {
    const anonymous = await bob.callTls(undefined);
    await anonymous.closed;
    await assert.rejects(LineClient.openTls(bob.port, { maxVersion: "TLSv1.2" }));
  });

  it("gets from whoever says nothing, or never ends, is closed in time [P-8.1]", async () => {
    const silent = await bob.callPlain();
    const halting = await bob.callPlain();
    halting.sendRaw('{"type":');
    const chatty = await bob.callPlain();
    await say(chatty, '{"type":"offline","from":"alice"}');
    clock.advance(10_100);
    await Promise.all([silent.closed, halting.closed]);
    clock.advance(31_000);
    await chatty.closed;
  });

  it("gets in a line of more than 4 KiB before it let somebody in is refused and closed [P-1.3]", async () => {
    const client = await bob.callPlain();
    client.sendRaw("{".padEnd(5_000, " "));
    assert.equal(refusal(await client.answer()), "too_large");
    await client.closed;
  });

  it("gets from many who wait at once is closed beyond eight of one address", async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, () => bob.callPlain()));
    await Promise.race(clients.slice(8).map(({ closed }) => closed));
    await Promise.all(clients.slice(8).map(({ closed }) => closed));
  });

  it("gets from whoever fills the places without a word makes room for others [B15]", async function () {
    if (process.platform !== "linux") this.skip(); // elsewhere a machine has one address of its own
    const idle: Socket[] = [];
    const call = async (localAddress: string): Promise<Socket> => {
      const socket = connect({ port: bob.port, host: "127.0.0.1", localAddress });
      socket.on("error", () => undefined);
      await once(socket, "connect");
      return socket;
    };
    for (let at = 0; at < 32; at += 1) idle.push(await call(`127.0.0.${2 + (at % 4)}`));
    const client = await bob.callPlain();
    assert.equal(refusal(await say(client, '{"type":"message","from":"alice","msg":"x"}')), "not_authenticated");
    for (const each of idle) each.destroy();
  });
});
