import assert from "node:assert/strict";
import { Conversation } from "../../../../extension/chat/conversation.ts";
import { Room } from "../../../../extension/room.ts";
import { contactsChanged, messagesChanged, sessionChanged } from "../../../../protocol/editor/notifications.ts";
import { history, markRead, send, snapshot } from "../../../../protocol/editor/requests.ts";
import { failure } from "../../../../protocol/errors.ts";
import type { ToPanel } from "../../../../protocol/panel/messages.ts";
import { connectedSession, DaemonStandIn, message, person, settled, silentLog } from "../stand-ins.ts";

const token = "t";
const account = JSON.stringify({ user: "bob", server: "127.0.0.1:8765" });

async function opened(options: { count?: number; unread?: number; inSight?: () => boolean } = {}) {
  const { count = 3, unread = 0, inSight = () => true } = options;
  const daemon = new DaemonStandIn();
  const all = Array.from({ length: count }, (_, index) => message(index + 1));
  daemon.answer(snapshot, () => ({ ok: true, session: connectedSession, contacts: [person("alice", { unread })] }));
  daemon.answer(history, ({ before, limit = 50 }) => {
    const earlier = all.filter((each) => before === undefined || each.seq < before);
    const page = earlier.slice(-limit);
    return { ok: true, messages: page, more: page.length < earlier.length };
  });
  daemon.answer(markRead, () => ({ ok: true }));
  const room = new Room(daemon, silentLog);
  await settled();
  const posted: ToPanel[] = [];
  const conversation = new Conversation({
    id: "user:alice",
    name: "alice",
    daemon,
    room,
    inSight,
    post: (each) => posted.push(each),
  });
  const kinds = (): string[] => posted.map((each) => each.kind);
  const last = <K extends ToPanel["kind"]>(kind: K): Extract<ToPanel, { kind: K }> => {
    const found = posted.findLast((each): each is Extract<ToPanel, { kind: K }> => each.kind === kind);
    assert.ok(found, `nothing of the kind ${kind} was posted: ${kinds().join(", ")}`);
    return found;
  };
  return { daemon, room, conversation, posted, kinds, last, all };
}

describe("A conversation behind its panel", () => {
  it("posts nothing before the panel is ready, then who it is with and the newest page", async () => {
    const { conversation, posted, last } = await opened({ count: 100 });
    assert.deepEqual(posted, []);
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(last("head").contact.name, "alice");
    assert.equal(last("loaded").messages.length, 60);
    assert.equal(last("loaded").more, true);
  });

  it("loads back to the message that was on top when the panel was last drawn", async () => {
    const { conversation, last } = await opened({ count: 200 });
    await conversation.take({ kind: "ready", token, pending: [], anchor: 50 });
    const first = last("loaded").messages[0]?.seq ?? 0;
    assert.ok(first <= 50, `the first is ${first}`);
  });

  it("pages back until there is no more", async () => {
    const { conversation, last } = await opened({ count: 100 });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "older", token });
    assert.equal(last("older").messages.length, 40);
    assert.equal(last("older").more, false);
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

  it("says that a text is stored only when the daemon did", async () => {
    const { conversation, daemon, kinds, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    daemon.answer(send, async ({ text }) => {
      await promise;
      return { ok: true, message: message(4, { own: true, text, state: "sending" }) };
    });
    const sent = conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
    await settled();
    assert.ok(!kinds().includes("settled"));
    resolve(undefined);
    await sent;
    assert.deepEqual(last("settled"), { kind: "settled", ticket: "1", outcome: "stored" });
    assert.equal(last("changed").messages[0]?.text, "hello");
  });

  it("says why a text was refused", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(send, () => failure("too_large"));
    await conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
    assert.equal(last("settled").outcome, "refused");
    assert.match(last("settled").reason ?? "", /too long/);
  });

  it("sends a text once, however often the panel asks", async () => {
    const { conversation, daemon } = await opened();
    daemon.answer(send, () => failure("too_large"));
    await conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
    await conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
    assert.equal(daemon.askedFor(send.method).length, 1);
  });

  it("asks the daemon that comes after a lost one for the same message, under the same id", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.setLink({ state: "connecting" });
    daemon.answer(send, () => failure("unavailable"));
    const sent = conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
    await settled();
    daemon.answer(send, ({ text, mid }) => ({ ok: true, message: message(4, { own: true, text, mid: mid ?? "" }) }));
    daemon.setLink({ state: "connected" });
    await sent;
    assert.equal(last("settled").outcome, "stored");
    const asked = { conversation: "user:alice", text: "hello", mid: "1" };
    assert.deepEqual(daemon.askedFor(send.method), [asked, asked]);
  });

  it("gives a text back when the daemon stays away", async () => {
    const { conversation, daemon, last } = await opened();
    daemon.setLink({ state: "down", reason: "It cannot be started." });
    daemon.answer(send, () => failure("unavailable", "It cannot be started."));
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
    assert.deepEqual(last("settled"), {
      kind: "settled",
      ticket: "1",
      outcome: "refused",
      reason: "It cannot be started.",
      passing: true,
    });
  });

  it("tells a panel that was hidden meanwhile what became of its texts, also that nobody knows", async () => {
    const { conversation, daemon, posted } = await opened();
    daemon.answer(send, () => failure("too_large"));
    await conversation.take({ kind: "ready", token, pending: [] });
    conversation.webviewGone();
    await conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
    posted.splice(0);
    await conversation.take({ kind: "ready", token, pending: ["1", "2"] });
    assert.deepEqual(
      posted.filter((each) => each.kind === "settled").map((each) => [each.ticket, each.outcome]),
      [
        ["1", "refused"],
        ["2", "unknown"],
      ],
    );
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
    assert.equal(last("head").banner?.action?.id, "unblock");
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
      assert.match(last("head").banner?.text ?? "", /Sign in to see and send messages/);
      assert.equal(last("head").banner?.action?.id, "signIn");
      await conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
      assert.equal(last("settled").outcome, "refused");
      assert.deepEqual(daemon.askedFor(send.method), []);
      assert.equal(daemon.askedFor(history.method).length, read);
    }
  });

  it("sends no text of one account as another, also not when the daemon comes back with it", async () => {
    const { conversation, daemon, last } = await opened();
    const erin = { state: "connected", account: { user: "erin", server: "127.0.0.1:8765" } } as const;
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.setLink({ state: "connecting" });
    daemon.answer(send, () => failure("unavailable"));
    const sent = conversation.take({ kind: "send", token, ticket: "1", text: "hello", account });
    await settled();
    daemon.answer(snapshot, () => ({ ok: true, session: erin, contacts: [] }));
    daemon.tell(sessionChanged, { session: erin });
    daemon.setLink({ state: "connected" });
    await sent;
    assert.equal(last("settled").outcome, "refused");
    assert.equal(daemon.askedFor(send.method).length, 1);
  });
});
