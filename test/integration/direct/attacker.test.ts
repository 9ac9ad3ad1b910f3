// Hand-made clients against the listener of a real daemon, whose owner chats on a direct link meanwhile. What is forged,
// stolen, replayed, downgraded or made up is accepted in no case [P-6.7].

import assert from "node:assert/strict";
import { connect as connectPlain } from "node:net";
import { text } from "node:stream/consumers";
import type { TlsIdentity } from "../../../base/tls/identity.ts";
import { revokeConsent } from "../../../protocol/api/direct.ts";
import { LineClient } from "../../support/line-client.ts";
import { forgeries, isYes, kills, overTls, provoke, strangersIdentity, tryOpen } from "./attacker.ts";
import { Siege } from "./siege.ts";

describe("an attacker at the listener of a daemon", function () {
  this.timeout(120_000);
  let siege: Siege;
  let stranger: TlsIdentity;

  before(async () => {
    siege = await Siege.begin();
    stranger = await strangersIdentity();
  });

  after(async () => await (siege as Siege | undefined)?.dispose());

  /** Every request on one connection after the other. */
  async function tryAll(what: string, open: () => Promise<LineClient>, requests: readonly object[]): Promise<void> {
    for (const request of requests) {
      const client = await tryOpen(open);
      siege.tried(what, client && (await provoke(client, request)));
      client?.destroy();
    }
  }

  it("without a certificate is closed and gets no answer", async () => {
    const { bob } = siege;
    const requests = [{ type: "request", from: "alice" }, ...forgeries("alice", "bob"), ...kills];
    for (const request of requests) {
      const client = await tryOpen(() => overTls(bob.port));
      const answer = client && (await provoke(client, request));
      siege.tried("no certificate", answer, answer !== undefined);
      client?.destroy();
    }
  });

  // A no to anybody on this machine holds for all of it: whatever is tried after a yes comes before the first no.
  it("with a key that nobody knows is refused whatever it says after a yes to its question", async () => {
    const { bob } = siege;
    for (const answer of ["once", "always"] as const) {
      bob.answer = answer;
      for (const from of ["alice", "carol", "mallory"]) {
        const client = await overTls(bob.port, stranger);
        const agreed = isYes(await provoke(client, { type: "request", from }));
        assert.ok(agreed || from !== "mallory", "a yes is answered with ok");
        for (const request of [...forgeries(from, "bob"), ...kills]) {
          siege.tried("unknown key after a yes", await provoke(client, request));
        }
        client.destroy();
      }
      bob.answer = "deny";
    }
  });

  it("by plain JSON can do nothing but ask, also after a yes", async () => {
    const { bob } = siege;
    const open = (): Promise<LineClient> => LineClient.open(bob.port);
    for (const answer of ["always", "deny"] as const) {
      bob.answer = answer;
      for (const from of ["alice", "bob", "carol", "mallory"]) {
        const client = await open();
        const agreed = isYes(await provoke(client, { type: "request", from }));
        if (from === "mallory") assert.equal(agreed, answer === "always");
        for (const request of [...forgeries(from, "bob"), ...kills]) {
          siege.tried("plain JSON", await provoke(client, request));
        }
        client.destroy();
      }
    }
    bob.answer = "deny";
  });

  it("with a key that nobody knows is refused whatever it says", async () => {
    const { bob } = siege;
    for (const name of ["alice", "carol", "bob", "mallory", "ALICE", "ａlice"]) {
      const asks = { type: "request", from: name };
      await tryAll("unknown key", () => overTls(bob.port, stranger), [...forgeries(name, "bob"), ...kills, asks]);
    }
  });

  it("by an older TLS, or by HTTP in and outside of TLS, is closed", async () => {
    const { bob, carol } = siege;
    for (const version of ["TLSv1", "TLSv1.1", "TLSv1.2"] as const) {
      const old = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
      const open = (): Promise<LineClient> => overTls(bob.port, carol.identity, old);
      siege.tried(version, undefined, (await tryOpen(open)) !== undefined);
    }
    const smuggled = `{"type":"message","from":"alice","to":"bob","msg":"forged by HTTP"}`;
    for (const verb of ["GET", "POST", "PUT", "OPTIONS", "CONNECT", "PRI"]) {
      const lines = `${verb} / HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}\n`;
      const plain = connectPlain(bob.port, "127.0.0.1");
      plain.on("error", () => undefined);
      plain.write(lines);
      siege.tried("HTTP", undefined, (await text(plain).catch(() => "")) !== "");
      const secure = await overTls(bob.port, carol.identity);
      secure.sendRaw(lines);
      siege.tried("HTTP within TLS", await secure.answer().catch(() => undefined));
    }
  });

  it("with the key of a contact can speak for that contact only", async () => {
    const { bob, carol } = siege;
    await carol.kill();
    const open = async (): Promise<LineClient> => {
      const client = await overTls(bob.port, carol.identity);
      const answer = await provoke(client, { type: "request", from: "carol" });
      assert.ok(isYes(answer), `the contact's own client is admitted: ${JSON.stringify(answer)}`);
      return client;
    };
    const own = await open();
    const honest = { type: "message", from: "carol", to: "bob", msg: "in her own name", mid: "honest" };
    assert.ok(isYes(await provoke(own, honest)));
    siege.expectedOfCarol = ["in her own name"];
    for (const to of ["alice", "everyone", "mallory", 7, null]) {
      const request = { type: "message", from: "carol", to, msg: "to somebody else", mid: `to ${String(to)}` };
      siege.tried("a message to somebody else", await provoke(own, request));
    }
    own.destroy();
    await own.closed;

    const others = ["alice", "bob", "ALICE", "ａlice", "mallory", "", " ", 7, null, ["carol"], { name: "carol" }, true];
    for (const from of others) {
      const client = await open();
      for (const request of forgeries(from, "bob")) {
        siege.tried("forged from", await provoke(client, request));
      }
      for (const request of kills) siege.tried("kill from a peer", await provoke(client, request));
      client.destroy();
      await client.closed;
      await tryAll("another's name for one's own key", () => overTls(bob.port, carol.identity), [
        { type: "request", from },
      ]);
    }
  });

  it("cannot send again what alice sent, under the same id or another", async () => {
    const { alice, bob, carol } = siege;
    const client = await overTls(bob.port, carol.identity);
    assert.ok(isYes(await provoke(client, { type: "request", from: "carol" })));
    const history = await bob.view.history(alice.conversation);
    const theirs = history.filter(({ own }) => !own).slice(-20);
    assert.ok(theirs.length > 0);
    for (const { mid, text: msg, sentAtMs: ts } of theirs) {
      const frame = { type: "message", from: "alice", to: "bob", msg, mid, ts };
      siege.tried("replay, the same id", await provoke(client, frame));
      siege.tried("replay, another id", await provoke(client, { ...frame, mid: `${mid}x` }));
    }
    client.destroy();
    await client.closed;
  });

  it("resumes no session, neither one of the listener nor one of its own", async () => {
    const { bob, carol } = siege;
    const sessions: Buffer[] = [];
    const client = await overTls(bob.port, carol.identity);
    client.secure.on("session", (session) => sessions.push(session));
    assert.ok(isYes(await provoke(client, { type: "request", from: "carol" })));
    assert.ok(isYes(await provoke(client, { type: "alive", from: "carol" })));
    const own = client.secure.getSession();
    if (own) sessions.push(own);
    client.destroy();
    await client.closed;
    assert.ok(sessions.length > 0, "something to try");
    for (const session of sessions) {
      for (const identity of [undefined, stranger]) {
        const again = await tryOpen(() => overTls(bob.port, identity, { session }));
        const reused = again?.secure.isSessionReused() === true;
        for (const request of [{ type: "request", from: "carol" }, ...forgeries("carol", "bob")]) {
          const answer = again && (await provoke(again, request));
          siege.tried("a resumed session", answer, reused || isYes(answer));
        }
        again?.destroy();
      }
    }
  });

  it("is not admitted by a consent that was for once, or was taken back", async () => {
    const { bob, carol } = siege;
    const open = (): Promise<LineClient> => overTls(bob.port, carol.identity);
    const asks = { type: "request", from: "carol" };
    const link = await open();
    assert.ok(isYes(await provoke(link, asks)));
    assert.ok(isYes(await provoke(link, { type: "close", from: "carol" })));
    await link.closed;
    await tryAll("a consent for once, used", open, [asks, asks, ...forgeries("carol", "bob")]);

    await carol.revive();
    await carol.view.untilState("connected");
    bob.answer = "always";
    const connected = await carol.connect(bob);
    bob.answer = "deny";
    assert.ok("address" in connected);
    await carol.kill();
    const others = [stranger, siege.alice.identity];
    for (const identity of others) {
      const requests = [asks, ...forgeries("carol", "bob")];
      await tryAll("another key for somebody who need not ask", () => overTls(bob.port, identity), requests);
    }
    const always = await open();
    assert.ok(isYes(await provoke(always, asks)), "a consent for ever admits");
    const revoked = await bob.view.client.request(revokeConsent, { user: "carol" });
    assert.ok(revoked.ok);
    await always.closed;
    await tryAll("a consent taken back", open, [asks, asks, ...forgeries("carol", "bob")]);
  });

  it("was accepted in none of all these cases, and bob went on chatting", async () => {
    const figures = await siege.end();
    console.log(`      ${figures}`);
    for (const line of siege.cases) console.log(`        ${line}`);
  });
});
