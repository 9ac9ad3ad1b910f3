import assert from "node:assert/strict";
import { contactsChanged, messagesChanged, sessionChanged } from "../../../../protocol/editor/notifications.ts";
import { history, markRead, send } from "../../../../protocol/editor/requests.ts";
import { historyAround } from "../../../../protocol/editor/talk.ts";
import { failure } from "../../../../protocol/errors.ts";
import { message, person, settled } from "../stand-ins.ts";
import { account, opened, token } from "./conversation-stand-in.ts";

describe("A conversation behind its panel", () => {
  it("posts nothing before the panel is ready, then who it is with and the newest page", async () => {
    const { conversation, posted, last } = await opened({ count: 100 });
    assert.deepEqual(posted, []);
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(last("head").partner.name, "alice");
    assert.equal(last("loaded").messages.length, 60);
    assert.equal(last("loaded").more, true);
  });

  it("has read the newest page when its panel is ready, and reads it again if something changed meanwhile", async () => {
    const { conversation, daemon, all, last, seqs } = await opened();
    assert.equal(daemon.askedFor(history.method).length, 1);
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(daemon.askedFor(history.method).length, 1);
    assert.equal(last("loaded").messages.length, 3);
    const late = await opened();
    late.all.push(message(4));
    late.daemon.tell(messagesChanged, { messages: [message(4)] });
    await late.conversation.take({ kind: "ready", token, pending: [] });
    assert.deepEqual([late.seqs(), seqs()], [[1, 2, 3, 4], all.map((each) => each.seq)]);
  });

  it("loads what is around the message that was on top when the panel was last drawn", async () => {
    const { conversation, last, seqs } = await opened({ count: 400 });
    await conversation.take({ kind: "ready", token, pending: [], anchor: 150 });
    assert.deepEqual([seqs()[0], seqs().at(-1)], [90, 210]);
    assert.deepEqual([last("loaded").more, last("loaded").moreAfter], [true, true]);
  });

  it("loads the newest page where a daemon cannot tell what is around a message", async () => {
    const { conversation, daemon, seqs } = await opened({ count: 100 });
    daemon.answer(historyAround, () => failure("bad_request"));
    await conversation.take({ kind: "ready", token, pending: [], anchor: 5 });
    assert.equal(seqs().at(-1), 100);
  });

  it("pages back and forth until there is no more", async () => {
    const { conversation, last } = await opened({ count: 100 });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "older", token, before: 41 });
    assert.equal(last("older").messages.length, 40);
    assert.deepEqual([last("older").before, last("older").more], [41, false]);
    await conversation.take({ kind: "newer", token, after: 40 });
    assert.deepEqual([last("newer").messages.length, last("newer").more], [60, false]);
  });

  it("goes to a message, to the first unread one, and to the newest", async () => {
    const { conversation, last, seqs } = await opened({ count: 400, unread: 20 });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "go", token, to: "seq", seq: 100 });
    assert.deepEqual([last("loaded").top, seqs().includes(100)], [100, true]);
    await conversation.take({ kind: "go", token, to: "unread" });
    assert.deepEqual([last("loaded").top, last("loaded").newFrom], [381, 381]);
    await conversation.take({ kind: "go", token, to: "newest" });
    assert.deepEqual([seqs().at(-1), last("loaded").moreAfter], [400, false]);
  });

  it("goes to a message that was asked for before the panel was ready", async () => {
    const { conversation, last } = await opened({ count: 400 });
    await conversation.show(100);
    await conversation.take({ kind: "ready", token, pending: [], anchor: 300 });
    assert.equal(last("loaded").top, 100);
    await conversation.show(200);
    assert.equal(last("loaded").top, 200);
  });

  it("begins with the first unread message where there are more than a page of them", async () => {
    const { conversation, last, seqs } = await opened({ count: 400, unread: 200 });
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(last("loaded").newFrom, 201);
    assert.deepEqual([seqs().includes(201), last("loaded").moreAfter], [true, true]);
  });

  it("marks where the unread messages begin", async () => {
    const { conversation, last } = await opened({ count: 10, unread: 3 });
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(last("loaded").newFrom, 8);
  });

  it("passes on what is new and what changed, of this conversation only", async () => {
    const { conversation, daemon, last, kinds } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.tell(messagesChanged, { messages: [message(4, { conversation: "user:zoe" })] });
    assert.ok(!kinds().includes("changed"));
    daemon.tell(messagesChanged, { messages: [message(4), message(9, { conversation: "everyone" })] });
    assert.deepEqual(
      last("changed").messages.map((each) => each.seq),
      [4],
    );
  });

  it("marks as read only what the panel showed while it was in sight", async () => {
    let inSight = false;
    const { conversation, daemon } = await opened({ inSight: () => inSight });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "seen", token, upTo: 3 });
    assert.deepEqual(daemon.askedFor(markRead.method), []);
    inSight = true;
    await conversation.tellSeen();
    await conversation.tellSeen();
    assert.deepEqual(daemon.askedFor(markRead.method), [{ conversation: "user:alice", upTo: 3 }]);
  });

  it("reads the history again over a new connection to the daemon", async () => {
    const { conversation, daemon, all, posted, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.setLink({ state: "connecting" });
    assert.equal(last("head").banner?.busy, true);
    all.push(message(4));
    posted.splice(0);
    daemon.setLink({ state: "connected" });
    await settled();
    assert.equal(last("loaded").messages.at(-1)?.seq, 4);
  });

  it("posts its head again when the contact changes", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.tell(contactsChanged, { changed: [person("alice", { blocked: true })], removed: [] });
    assert.equal(last("head").banner?.actions[0]?.id, "unblock");
  });

  it("posts nothing more once its panel was closed, whatever is still on its way", async () => {
    const { conversation, daemon, posted } = await opened({ count: 100 });
    await conversation.take({ kind: "ready", token, pending: [] });
    const older = conversation.take({ kind: "older", token, before: 41 });
    posted.splice(0);
    conversation.dispose();
    conversation.tell({ kind: "said", text: "Copied.", failed: false });
    daemon.tell(messagesChanged, { messages: [message(101)] });
    await older;
    assert.deepEqual(posted, []);
  });

  it("asks for the caret once, when the panel can take it", async () => {
    const { conversation, kinds } = await opened();
    conversation.focusComposer();
    await conversation.take({ kind: "ready", token, pending: [] });
    conversation.webviewGone();
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(kinds().filter((kind) => kind === "focus").length, 1);
  });

  it("shows nobody's messages and takes no text while nobody is signed in, or signed in elsewhere", async () => {
    for (const elsewhere of [false, true]) {
      const { conversation, daemon, last } = await opened();
      await conversation.take({ kind: "ready", token, pending: [] });
      assert.deepEqual([last("head").writing, last("head").account], ["open", account]);
      const read = daemon.askedFor(history.method).length;
      daemon.tell(sessionChanged, { session: { state: "signedOut", elsewhere } });
      await settled();
      assert.deepEqual([last("head").writing, last("head").account], ["closed", undefined]);
      assert.match(last("head").banner?.text ?? "", elsewhere ? /signed in at another place/ : /not signed in/);
      assert.equal(last("head").banner?.actions[0]?.id, elsewhere ? "signInHere" : "signIn");
      await conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
      assert.equal(last("settled").outcome, "refused");
      assert.deepEqual(daemon.askedFor(send.method), []);
      assert.equal(daemon.askedFor(history.method).length, read);
    }
  });

  it("reads on where the person was, over a new connection to the daemon", async () => {
    const { conversation, daemon, seqs } = await opened({ count: 400 });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "place", token, anchor: 100 });
    daemon.setLink({ state: "connecting" });
    daemon.setLink({ state: "connected" });
    await settled();
    assert.ok(seqs().includes(100));
  });

  it("says which key is new, and offers to compare or accept it", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    const key = { pin: "a".repeat(43), verified: true, changed: "b".repeat(43) };
    daemon.tell(contactsChanged, { changed: [person("alice", { key })], removed: [] });
    assert.match(last("head").banner?.text ?? "", /another key than the one you verified/);
    assert.deepEqual(
      last("head").banner?.actions.map((each) => each.id),
      ["verify", "acceptKey"],
    );
  });

  it("tells whose names there are once, and again when they change", async () => {
    const { conversation, daemon, kinds, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.deepEqual([last("names").own, last("names").others], ["bob", ["alice"]]);
    daemon.tell(contactsChanged, { changed: [person("alice", { unread: 1 })], removed: [] });
    assert.equal(kinds().filter((kind) => kind === "names").length, 1);
    daemon.tell(contactsChanged, { changed: [person("carol")], removed: [] });
    assert.deepEqual(last("names").others, ["alice", "carol"]);
  });

  it("says which messages are new also where the panel stays at an older one", async () => {
    const { conversation, last, seqs } = await opened({ count: 400, unread: 3 });
    await conversation.take({ kind: "ready", token, pending: [], anchor: 50 });
    assert.deepEqual([seqs().includes(50), last("loaded").newFrom], [true, 398]);
  });

  it("hands no messages of one account to the panel of another that signed in meanwhile", async () => {
    const { conversation, daemon, kinds } = await opened({ count: 100 });
    await conversation.take({ kind: "ready", token, pending: [] });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    daemon.answer(history, async () => {
      await promise;
      return { ok: true, messages: [message(1)], more: false };
    });
    const asked = conversation.take({ kind: "older", token, before: 41 });
    const erin = { state: "connected", account: { user: "erin", server: "127.0.0.1:8765" } } as const;
    daemon.tell(sessionChanged, { session: erin });
    resolve(undefined);
    await asked;
    assert.ok(!kinds().includes("older"));
  });
});
