import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  acceptKey,
  answerQuestion,
  connectDirectly,
  consents,
  disconnectDirectly,
  peerAddress,
  revokeConsent,
  safetyNumber,
  setDirectMode,
  verifyContact,
} from "../../../protocol/api/direct.ts";
import type { QuestionAnswer } from "../../../protocol/api/direct.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { blockUser, history, signIn, signOut, unblockUser } from "../../../protocol/api/session.ts";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { identityFile } from "../../../base/tls/identity.ts";
import { DaemonProcess } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { twoDaemons } from "./two-daemons.ts";

describe("direct talk of daemons", function () {
  this.timeout(90_000);
  let server: ChatServer;
  let alice: DaemonProcess;
  let bob: DaemonProcess;
  let a: TestView;
  let b: TestView;

  beforeEach(async () => {
    ({ server, alice, bob, a, b } = await twoDaemons("--rate", "0"));
    await met();
  });
  afterEach(async () => {
    await DaemonProcess.disposeAll();
    await server.dispose();
  });

  async function met(): Promise<void> {
    await a.until("bob", () => a.contacts.get("user:bob")?.presence === "available");
    await b.until("alice", () => b.contacts.get("user:alice")?.presence === "available");
  }

  async function answer(view: TestView, from: string, word: QuestionAnswer): Promise<void> {
    const question = await view.until("a question", () => view.questions.find(({ user }) => user === from));
    assert.deepEqual(await view.client.request(answerQuestion, { id: question.id, answer: word }), { ok: true });
  }

  async function connect(word: QuestionAnswer): Promise<void> {
    const asked = a.client.request(connectDirectly, { user: "bob" });
    const early = await Promise.race([asked, answer(b, "Alice", word)]);
    assert.equal(early, undefined, `no question, but ${JSON.stringify(early)}`);
    const made = await asked;
    assert.ok(made.ok, JSON.stringify(made));
    await direct();
  }

  const routeOf = (view: TestView, user: string) => view.contacts.get(`user:${user}`)?.route;

  async function direct(): Promise<void> {
    await a.until("direct", () => routeOf(a, "bob")?.kind === "direct");
    await b.until("direct", () => routeOf(b, "alice")?.kind === "direct");
  }

  async function viaServer(view: TestView, user: string): Promise<string> {
    const route = await view.until("through the server", () => {
      const found = routeOf(view, user);
      return found?.kind === "server" && found;
    });
    return route.why;
  }

  /** Both see exactly those texts of the other, in that order. */
  async function exchanged(fromAlice: string[], fromBob: string[]): Promise<void> {
    const texts = async (view: TestView, user: string, count: number): Promise<string[]> => {
      const came = (): number => new Set(view.changes.filter(({ own }) => !own).map(({ mid }) => mid)).size;
      await view.until(`${count} messages, ${came()} came`, () => came() >= count).catch(() => undefined);
      return await everythingOf(view, `user:${user}`);
    };
    assert.deepEqual(await texts(b, "alice", fromAlice.length), fromAlice);
    assert.deepEqual(await texts(a, "bob", fromBob.length), fromBob);
  }

  async function everythingOf(view: TestView, conversation: ConversationId): Promise<string[]> {
    const found: string[] = [];
    for (let before: number | undefined; ;) {
      const asked = { conversation, limit: 500, ...(before === undefined ? {} : { before }) };
      const page = await view.client.request(history, asked);
      assert.ok(page.ok);
      found.unshift(...page.messages.filter(({ own }) => !own).map(({ text }) => text));
      if (!page.more) return found;
      before = page.messages[0]?.seq;
    }
  }

  it("goes on while the server is dead, and comes back to it", async () => {
    await connect("once");
    await server.stop("SIGKILL");
    await Promise.all([a, b].map((view) => view.until("no server", () => view.session.state === "unreachable")));
    const one = await a.send("user:bob", "without a server");
    await a.untilMessage(one.mid, "delivered", "read");
    const other = await b.send("user:alice", "me too");
    await b.untilMessage(other.mid, "delivered", "read");
    server = await startChatServer({ args: ["--rate", "0"], data: server.data, port: server.port });
    await Promise.all([a, b].map((view) => view.untilState("connected")));
    await a.client.request(disconnectDirectly, { user: "bob" });
    assert.equal(await viaServer(b, "alice"), "The direct connection was ended.");
    const last = await a.send("user:bob", "through the server");
    await a.untilMessage(last.mid, "delivered", "read");
    await exchanged(["without a server", "through the server"], ["me too"]);
  });

  it("keeps every message once and in order while the link comes and goes under both", async () => {
    await connect("always");
    const texts = Array.from({ length: 500 }, (_, index) => `number ${index}`);
    const settled = (view: TestView): number =>
      new Set(view.changes.filter(({ own, state }) => own && state !== "sending").map(({ mid }) => mid)).size;
    let sending = true;
    const churn = async (): Promise<number> => {
      let rounds = 0;
      for (; sending; rounds += 1) {
        const [one, user] = rounds % 2 === 0 ? ([a, "bob"] as const) : ([b, "alice"] as const);
        await one.client.request(disconnectDirectly, { user });
        await Promise.all([viaServer(a, "bob"), viaServer(b, "alice")]);
        const made = await a.client.request(connectDirectly, { user: "bob" });
        assert.ok(made.ok, JSON.stringify(made));
        // Whoever has no link yet ends none.
        await direct();
      }
      return rounds;
    };
    const churned = churn();
    const all = async (view: TestView, user: string): Promise<void> => {
      for (const [index, text] of texts.entries()) {
        await view.send(`user:${user}`, text);
        if (index % 20 === 0) await sleep(20);
      }
    };
    await Promise.all([all(a, "bob"), all(b, "alice")]);
    sending = false;
    const rounds = await churned;
    await Promise.all([a, b].map((view) => view.until("sent", () => settled(view) === texts.length)));
    await exchanged(texts, texts);
    assert.ok(rounds > 5, `${rounds} rounds`);
  });

  it("falls back when the other's daemon is killed, and loses nothing that was under way", async () => {
    await connect("always");
    const texts = Array.from({ length: 40 }, (_, index) => `number ${index}`);
    const sent = [];
    for (const [index, text] of texts.entries()) {
      sent.push(await a.send("user:bob", text));
      if (index === 20) bob.process.kill("SIGKILL");
    }
    await bob.ended;
    await viaServer(a, "bob");
    await Promise.all(sent.map(({ mid }) => a.untilMessage(mid, "delivered", "queued")));
    bob = await DaemonProcess.start({ home: bob.home });
    b = await bob.view();
    await exchanged(texts, []);
  });

  it("ends at once when the other leaves: offline is told [P-6.2]", async () => {
    await connect("once");
    await b.client.request(signOut, {});
    assert.equal(await viaServer(a, "bob"), "bob went offline.");
    await a.until("offline", () => a.contacts.get("user:bob")?.presence === "offline");
    await b.signIn(server.port, "bob");
    await met();
    await connect("once");
    await bob.stop();
    assert.equal(await viaServer(a, "bob"), "bob went offline.");
  });

  it("is denied, blocked and revoked by a person's word, in any window", async () => {
    await connect("always");
    const listed = await b.client.request(consents, {});
    assert.deepEqual(listed.ok && listed.consents.map(({ user }) => user), ["Alice"]);
    await b.client.request(revokeConsent, { user: "Alice" });
    await viaServer(a, "bob");
    await connect("always");
    await b.client.request(blockUser, { user: "Alice" });
    await viaServer(a, "bob");
    const blocked = await a.client.request(connectDirectly, { user: "bob" });
    assert.equal(!blocked.ok && blocked.code, "blocked");
    await b.client.request(unblockUser, { user: "Alice" });
    assert.deepEqual(await b.client.request(consents, {}), { ok: true, consents: [] });
    // Last: a no holds.
    const denied = a.client.request(connectDirectly, { user: "bob" });
    const second = await bob.view();
    await b.until("a question", () => b.questions.length === 1);
    await answer(b, "Alice", "deny");
    const no = await denied;
    assert.equal(!no.ok && no.code, "denied");
    second.close();
    const held = await a.client.request(connectDirectly, { user: "bob" });
    assert.deepEqual([!held.ok && held.code, b.questions], ["denied", []]);
  });

  it("has one safety number on both sides, and stops at a changed key until it is accepted", async () => {
    await connect("always");
    const [one, other] = await Promise.all([
      a.client.request(safetyNumber, { user: "bob" }),
      b.client.request(safetyNumber, { user: "alice" }),
    ]);
    assert.ok(one.ok && other.ok);
    assert.equal(one.digits, other.digits);
    assert.deepEqual([one.key, one.ownKey], [other.ownKey, other.key]);
    assert.ok((await b.client.request(verifyContact, { user: "Alice", key: other.key, verified: true })).ok);
    await b.until("verified", () => b.contacts.get("user:alice")?.key?.verified);

    await alice.stop();
    rmSync(join(alice.home, identityFile));
    alice = await DaemonProcess.start({ home: alice.home });
    a = await alice.view();
    await a.untilState("connected");
    const refused = await a.client.request(connectDirectly, { user: "bob" });
    assert.equal(!refused.ok && refused.code, "denied");
    const changed = await b.until("a changed key", () => b.contacts.get("user:alice")?.key?.changed);
    const own = await b.client.request(connectDirectly, { user: "Alice" });
    assert.ok(!own.ok && own.reason.includes("another key"));
    assert.equal((await b.client.request(acceptKey, { user: "Alice", key: other.key })).ok, false);
    assert.ok((await b.client.request(acceptKey, { user: "Alice", key: changed })).ok);
    await b.until("accepted, not verified", () => b.contacts.get("user:alice")?.key?.verified === false);
    await connect("once");
  });

  it("opens no port before a link is wanted, and one at each end then", async () => {
    const chosen = { mode: "ask" as const, interfaces: [], port: 0 };
    const portOf = async (view: TestView): Promise<number | undefined> => {
      const set = await view.client.request(setDirectMode, chosen);
      return set.ok ? set.listensAt : assert.fail(set.reason);
    };
    assert.deepEqual([await portOf(a), await portOf(b)], [undefined, undefined]);
    await connect("once");
    for (const view of [a, b]) assert.ok(((await portOf(view)) ?? 0) > 0);
  });

  it("takes another port and off at once, and the server is told [P-4.1] [P-4.8]", async () => {
    const where = async () => {
      const asked = a.client.request(peerAddress, { user: "bob" });
      await answer(b, "Alice", "once");
      return await asked;
    };
    const first = await where();
    assert.ok(first.ok && first.key?.length === 43);
    const chosen = { mode: "ask" as const, interfaces: ["127.0.0.1"], port: 0 };
    const set = await b.client.request(setDirectMode, chosen);
    assert.ok(set.ok && set.listensAt !== first.port);
    const second = await where();
    assert.ok(second.ok && second.port !== first.port);
    assert.deepEqual(
      new Set(second.addresses.map(({ ip }) => ip).filter((ip) => !/^(127\.|::1$)/.test(ip))),
      new Set(),
    );
    assert.deepEqual(await b.client.request(setDirectMode, { ...chosen, mode: "off" }), { ok: true });
    const none = await a.client.request(connectDirectly, { user: "bob" });
    assert.equal(none.ok, false);
  });

  it("stays with its people when somebody else signs in at a daemon", async () => {
    await connect("always");
    await b.join(server.port, "carol");
    assert.equal(await viaServer(a, "bob"), "bob went offline.");
    const toBob = await a.send("user:bob", "for bob alone");
    await a.untilMessage(toBob.mid, "queued");
    assert.ok(
      (await b.client.request(signIn, { server: `127.0.0.1:${server.port}`, user: "bob", password: "secret of bob" }))
        .ok,
    );
    await b.until("bob", () => "account" in b.session && b.session.account.user === "bob");
    await exchanged(["for bob alone"], []);
  });
});
