import assert from "node:assert/strict";
import { messagesChanged, sessionChanged } from "../../../../protocol/api/notifications.ts";
import { history, snapshot } from "../../../../protocol/api/session.ts";
import { historyAround } from "../../../../protocol/api/conversation.ts";
import { failure } from "../../../../protocol/errors.ts";
import { connectedSession, erin, message, settled } from "../stand-ins.ts";
import { opened, token } from "./conversation-stand-in.ts";

describe("The history in a panel", () => {
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

  it("goes to the first unread one also where it was left further up", async () => {
    const { conversation, last } = await opened({ count: 400, unread: 20 });
    await conversation.show("unread");
    await conversation.take({ kind: "ready", token, pending: [], anchor: 100 });
    assert.deepEqual([last("loaded").top, last("loaded").newFrom], [381, 381]);
  });

  it("goes to a message that was asked for before the panel was ready", async () => {
    const { conversation, last } = await opened({ count: 400 });
    await conversation.show(100);
    await conversation.take({ kind: "ready", token, pending: [], anchor: 300 });
    assert.equal(last("loaded").top, 100);
    await conversation.show(200);
    assert.equal(last("loaded").top, 200);
  });

  it("goes to the last of two messages that were asked for one after the other", async () => {
    const { conversation, last, seqs } = await opened({ count: 400 });
    await conversation.take({ kind: "ready", token, pending: [] });
    const first = conversation.show(100);
    await Promise.resolve(); // it is being read
    await Promise.all([first, conversation.show(300)]);
    assert.deepEqual([last("loaded").top, seqs().includes(300)], [300, true]);
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

  it("reads on where the person was, over a new connection to the daemon", async () => {
    const { conversation, daemon, seqs } = await opened({ count: 400 });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "place", token, anchor: 100 });
    daemon.setLink({ state: "connecting" });
    daemon.setLink({ state: "connected" });
    await settled();
    assert.ok(seqs().includes(100));
  });

  it("says which messages are new also where the panel stays at an older one", async () => {
    const { conversation, last, seqs } = await opened({ count: 400, unread: 3 });
    await conversation.take({ kind: "ready", token, pending: [], anchor: 50 });
    assert.deepEqual([seqs().includes(50), last("loaded").newFrom], [true, 398]);
  });

  it("keeps the place of a panel that was there before the daemon said who is signed in", async () => {
    const { conversation, daemon, seqs } = await opened({ count: 400, isTold: false });
    await conversation.take({ kind: "ready", token, pending: [], anchor: 150 });
    daemon.tell(sessionChanged, { session: connectedSession });
    await settled();
    assert.deepEqual([seqs()[0], seqs().at(-1)], [90, 210]);
  });

  it("reads nothing over a new connection before the daemon said who is signed in", async () => {
    const { conversation, daemon, kinds, posted } = await opened();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(snapshot, async () => {
      await promise;
      return { ok: true, session: erin, contacts: [] };
    });
    daemon.setLink({ state: "connecting" });
    posted.splice(0);
    daemon.setLink({ state: "connected" });
    await settled();
    assert.ok(!kinds().includes("loaded"));
    resolve(undefined);
    await settled();
    assert.deepEqual(
      kinds().filter((kind) => kind === "loaded"),
      ["loaded"],
    );
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
    daemon.tell(sessionChanged, { session: erin });
    resolve(undefined);
    await asked;
    assert.ok(!kinds().includes("older"));
  });
});
