import assert from "node:assert/strict";
import {
  blockUser,
  findContact,
  mute,
  onlineUsers,
  signIn,
  signOut,
  unblockUser,
} from "../../../protocol/api/session.ts";
import { markRead } from "../../../protocol/conversations/kinds/read-mark.ts";
import { retry } from "../../../protocol/conversations/kinds/text.ts";
import { DaemonProcess } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { search } from "../../../protocol/api/conversation.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { twoDaemons } from "./two-daemons.ts";

describe("two daemons at one server", function () {
  this.timeout(60_000);
  let server: ChatServer;
  let bob: DaemonProcess;
  let a: TestView;
  let b: TestView;

  before(async () => {
    ({ server, bob, a, b } = await twoDaemons());
  });
  after(async () => {
    await DaemonProcess.disposeAll();
    await server.dispose();
  });

  it("see each other in their contacts [P-4.11] [P-6.5]", async () => {
    await a.until("bob available", () => a.contacts.get("user:bob")?.presence === "available");
    await b.until("Alice available", () => b.contacts.get("user:alice")?.presence === "available");
    assert.equal(b.contacts.get("user:alice")?.name, "Alice");
  });

  it("send and receive, and the sender sees it delivered and then read [P-4.2] [P-4.14]", async () => {
    const sent = await a.send("user:bob", "hello");
    assert.equal(sent.state, "sending");
    await a.untilMessage(sent.mid, "delivered", "read");
    const [received] = await b.untilReceived("user:alice", 1);
    assert.deepEqual([received?.text, received?.from, received?.mid], ["hello", "Alice", sent.mid]);
    assert.equal(b.contacts.get("user:alice")?.unread, 1);
    await b.client.request(markRead, { conversation: "user:alice", upTo: received?.seq ?? 0 });
    await a.untilMessage(sent.mid, "read");
    await b.until("nothing unread", () => b.contacts.get("user:alice")?.unread === 0);
  });

  it("keep their order under haste, in both directions at once [P-5.6]", async () => {
    const texts = Array.from({ length: 60 }, (_, index) => `number ${index}`);
    const had = (await b.history("user:alice")).filter(({ own }) => !own).length;
    await Promise.all(texts.flatMap((text) => [a.send("user:bob", text), b.send("user:alice", text)]));
    const atBob = await b.untilReceived("user:alice", had + texts.length);
    const atAlice = await a.untilReceived("user:bob", texts.length);
    assert.deepEqual(
      atBob.slice(had).map(({ text }) => text),
      texts,
    );
    assert.deepEqual(
      atAlice.map(({ text }) => text),
      texts,
    );
  });

  it("broadcast to everyone [P-4.3]", async () => {
    const sent = await a.send("everyone", "to all");
    await a.untilMessage(sent.mid, "delivered");
    const [received] = await b.untilReceived("everyone", 1);
    assert.equal(received?.from, "Alice");
  });

  it("say when a broadcast reached nobody, and send it again by Retry [P-4.3]", async () => {
    await b.client.request(signOut, {});
    await a.until("bob offline", () => a.contacts.get("user:bob")?.presence === "offline");
    const sent = await a.send("everyone", "anybody?");
    const failed = await a.untilMessage(sent.mid, "failed");
    assert.match(failed.failure?.reason ?? "", /Nobody else was online/);
    await b.signIn(server.port, "bob");
    await a.until("bob online", () => a.contacts.get("user:bob")?.presence === "available");
    assert.deepEqual(await a.client.request(retry, { conversation: "everyone", mid: sent.mid }), { ok: true });
    await a.untilMessage(sent.mid, "delivered");
    await b.untilReceived("everyone", 2);
  });

  it("say who is online [P-4.4]", async () => {
    const found = await a.client.request(onlineUsers, {});
    assert.deepEqual(found.ok && found.users.sort(), ["Alice", "bob"]);
  });

  it("refuse who is blocked, and say why [P-4.5] [P-4.6]", async () => {
    assert.deepEqual(await b.client.request(blockUser, { user: "alice" }), { ok: true });
    await b.until("blocked", () => b.contacts.get("user:alice")?.blocked);
    const sent = await a.send("user:bob", "are you there?");
    const failed = await a.untilMessage(sent.mid, "failed");
    assert.equal(failed.failure?.code, "blocked");
    await b.client.request(unblockUser, { user: "alice" });
  });

  it("find a user of any spelling, and not one who is unknown", async () => {
    const found = await a.client.request(findContact, { user: "BOB" });
    assert.equal(found.ok && found.contact.name, "bob");
    const unknown = await a.client.request(findContact, { user: "nobody" });
    assert.equal(unknown.ok ? "ok" : unknown.code, "no_such_user");
  });

  it("share history, unread marks and mutes between two windows of one person", async () => {
    const second = await bob.view();
    const sent = await a.send("user:bob", "for both windows");
    const [one, other] = await Promise.all([
      b.untilMessage(sent.mid, "received"),
      second.untilMessage(sent.mid, "received"),
    ]);
    assert.deepEqual(one, other);
    await second.client.request(markRead, { conversation: "user:alice", upTo: one.seq });
    await b.until("read in the other window", () => b.contacts.get("user:alice")?.unread === 0);
    await second.client.request(mute, { conversation: "user:alice", muted: true });
    await b.until("muted in the other window", () => b.contacts.get("user:alice")?.muted);
    await second.client.request(mute, { conversation: "user:alice", muted: false });
    second.close();
  });

  it("tell in exactly one window, and in none while a focused one shows the conversation", async () => {
    const second = await bob.view();
    b.focus(false);
    second.focus(true);
    await second.client.request(onlineUsers, {});
    await b.client.request(onlineUsers, {});
    await a.send("user:bob", "tell me");
    await second.until("told", () => second.told.some(({ message }) => message.text === "tell me"));
    second.focus(true, "user:alice");
    await second.client.request(onlineUsers, {});
    const quiet = await a.send("user:bob", "no need to tell");
    await Promise.all([b, second].map((view) => view.untilMessage(quiet.mid, "received")));
    await Promise.all([b, second].map((view) => view.client.request(onlineUsers, {})));
    assert.deepEqual([b.told.length, second.told.length, second.told[0]?.title], [0, 1, "Alice"]);
    second.close();
  });

  it("deliver in order what was sent while the recipient's daemon did not run [P-5.3] [P-5.6]", async () => {
    const had = (await b.history("user:alice")).filter(({ own }) => !own).length;
    await bob.stop();
    const texts = Array.from({ length: 20 }, (_, index) => `while away ${index}`);
    const sent = [];
    for (const text of texts) sent.push(await a.send("user:bob", text));
    await Promise.all(sent.map(({ mid }) => a.untilMessage(mid, "queued")));
    bob = await DaemonProcess.start({ home: bob.home });
    b = await bob.view();
    const received = await b.untilReceived("user:alice", had + texts.length);
    assert.deepEqual(
      received.slice(had).map(({ text }) => text),
      texts,
    );
  });

  it("keep the present session when another sign-in is refused, and change accounts when it is not", async () => {
    const other = `127.0.0.1:${server.port}`;
    const refused = await b.client.request(signIn, { server: other, user: "alice", password: "wrong" });
    assert.equal(refused.ok ? "ok" : refused.code, "bad_credentials");
    assert.equal(b.session.state, "connected");
    await b.join(server.port, "carol");
    assert.equal((await b.history("user:alice")).length, 0);
    const waiting = await a.send("user:bob", "for bob");
    await a.untilMessage(waiting.mid, "queued");
    const sent = await a.send("user:carol", "welcome");
    await b.untilMessage(sent.mid, "received");
    await b.signIn(server.port, "bob");
    await b.untilMessage(waiting.mid, "received");
    assert.notEqual((await b.history("user:alice")).length, 0);
    await b.until("session of bob", () => "account" in b.session && b.session.account.user === "bob");
  });

  it("end the session with its token when the person signs out [P-4.7]", async () => {
    assert.deepEqual(await b.client.request(signOut, {}), { ok: true });
    await b.untilState("signedOut");
    await a.until("bob offline", () => a.contacts.get("user:bob")?.presence === "offline");
    await bob.stop();
    bob = await DaemonProcess.start({ home: bob.home });
    b = await bob.view();
    assert.deepEqual(b.session, { state: "signedOut", account: { user: "bob", server: `127.0.0.1:${server.port}` } });
    // What is on this disk can be read without a session; nothing can be sent.
    assert.notEqual((await b.history("user:alice")).length, 0);
    await b.until("contacts", () => b.contacts.has("user:alice"));
    const found = await b.client.request(search, { text: "for bob" });
    assert.equal(found.ok && found.hits.length, 1);
    await assert.rejects(b.send("user:alice", "hello"), /Sign in first/);
  });
});
