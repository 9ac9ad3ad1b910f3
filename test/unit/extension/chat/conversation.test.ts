import assert from "node:assert/strict";
import { Conversation } from "../../../../extension/chat/conversation.ts";
import { Room } from "../../../../extension/room.ts";
import { contactsChanged, messagesChanged, sessionChanged } from "../../../../protocol/editor/notifications.ts";
import { history, markRead, retry, send, snapshot } from "../../../../protocol/editor/requests.ts";
import {
  deleteMessage,
  draft,
  draftChanged,
  editMessage,
  historyAfter,
  historyAround,
  personTyping,
  search,
  setDraft,
  setPresence,
} from "../../../../protocol/editor/talk.ts";
import { failure } from "../../../../protocol/errors.ts";
import type { ToPanel } from "../../../../protocol/panel/messages.ts";
import { connectedSession, DaemonStandIn, message, person, settled, silentLog } from "../stand-ins.ts";

const token = "t";
const account = JSON.stringify({ user: "bob", server: "127.0.0.1:8765" });

async function opened(options: { count?: number; unread?: number; inSight?: () => boolean; sure?: boolean } = {}) {
  const { count = 3, unread = 0, inSight = () => true } = options;
  const daemon = new DaemonStandIn();
  const all = Array.from({ length: count }, (_, index) => message(index + 1));
  daemon.answer(snapshot, () => ({ ok: true, session: connectedSession, contacts: [person("alice", { unread })] }));
  daemon.answer(history, ({ before, limit = 50 }) => {
    const earlier = all.filter((each) => before === undefined || each.seq < before);
    const page = earlier.slice(-limit);
    return { ok: true, messages: page, more: page.length < earlier.length };
  });
  daemon.answer(historyAround, ({ seq, limit = 50 }) => {
    const messages = all.filter((each) => Math.abs(each.seq - seq) <= limit);
    const [first, last] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0];
    return { ok: true, messages, moreBefore: first > 1, moreAfter: last < all.length };
  });
  daemon.answer(historyAfter, ({ after, limit = 50 }) => {
    const later = all.filter((each) => each.seq > after);
    return { ok: true, messages: later.slice(0, limit), more: later.length > limit };
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
    confirmRemoval: () => Promise.resolve(options.sure ?? true),
    post: (each) => posted.push(each),
  });
  const kinds = (): string[] => posted.map((each) => each.kind);
  const last = <K extends ToPanel["kind"]>(kind: K): Extract<ToPanel, { kind: K }> => {
    const found = posted.findLast((each): each is Extract<ToPanel, { kind: K }> => each.kind === kind);
    assert.ok(found, `nothing of the kind ${kind} was posted: ${kinds().join(", ")}`);
    return found;
  };
  const seqs = (): number[] => last("loaded").messages.map((each) => each.seq);
  return { daemon, room, conversation, posted, kinds, last, seqs, all };
}

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
    assert.equal(last("head").banner?.actions[0]?.id, "unblock");
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
      assert.equal(last("head").banner?.actions[0]?.id, "signIn");
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

  it("has the daemon keep the draft, and says so; a draft of another window comes at once", async () => {
    const { conversation, daemon, last } = await opened();
    daemon.answer(draft, () => ({ ok: true, text: "kept", revision: 4 }));
    daemon.answer(setDraft, () => ({ ok: true, revision: 5 }));
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.deepEqual(last("draft"), { kind: "draft", account, text: "kept", revision: 4 });
    await conversation.take({ kind: "draft", token, account, text: "more" });
    assert.deepEqual(last("draft"), { kind: "draft", account, text: "more", revision: 5, kept: true });
    daemon.tell(draftChanged, { conversation: "user:alice", text: "elsewhere", revision: 6 });
    assert.deepEqual(last("draft"), { kind: "draft", account, text: "elsewhere", revision: 6 });
    await conversation.take({ kind: "draft", token, account: "somebody else", text: "x" });
    assert.equal(daemon.askedFor(setDraft.method).length, 1);
  });

  it("passes on who is writing, for this conversation only", async () => {
    const { conversation, daemon, kinds } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.tell(personTyping, { conversation: "user:zoe" });
    assert.ok(!kinds().includes("typing"));
    daemon.tell(personTyping, { conversation: "user:alice" });
    assert.ok(kinds().includes("typing"));
  });

  it("gives the text of a change back when the daemon refuses it, with the reason", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(editMessage, () => failure("too_large"));
    await conversation.take({ kind: "edit", token, mid: "mid-1", text: "longer" });
    assert.equal(last("insert").text, "longer");
    assert.equal(last("said").failed, true);
  });

  it("takes back an own message only with the person's word, and never another's", async () => {
    for (const sure of [false, true]) {
      const { conversation, daemon, all } = await opened({ sure });
      all.push(message(4, { own: true }));
      daemon.tell(messagesChanged, { messages: all.slice(-1) });
      daemon.answer(deleteMessage, () => ({ ok: true }));
      await conversation.take({ kind: "ready", token, pending: [] });
      await conversation.take({ kind: "remove", token, mid: "mid-4" });
      await conversation.take({ kind: "remove", token, mid: "mid-3" });
      const asked = sure ? [{ conversation: "user:alice", mid: "mid-4" }] : [];
      assert.deepEqual(daemon.askedFor(deleteMessage.method), asked);
    }
  });

  it("shows why a failed message cannot be tried again", async () => {
    const { conversation, daemon, all, last } = await opened();
    all.push(message(4, { own: true, state: "failed", failure: { code: "mailbox_full", reason: "Full." } }));
    daemon.tell(messagesChanged, { messages: all.slice(-1) });
    daemon.answer(retry, () => failure("unavailable", "The daemon is away."));
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "retry", token, mid: "mid-4" });
    assert.equal(last("changed").messages[0]?.failure?.reason, "The daemon is away.");
  });

  it("says what was found, or why nothing could be", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(search, () => ({ ok: true, hits: [{ message: message(2) }], next: 2 }));
    await conversation.take({ kind: "find", token, text: "text" });
    assert.deepEqual([last("found").hits.length, last("found").next], [1, 2]);
    daemon.answer(search, () => failure("unavailable", "The daemon is away."));
    await conversation.take({ kind: "find", token, text: "text" });
    assert.equal(last("found").refused, "The daemon is away.");
  });

  it("sets the person's status as Set Status does, and says what became of it", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(setPresence, () => ({ ok: true }));
    await conversation.take({ kind: "status", token, state: "dnd", text: "focus" });
    assert.deepEqual(last("said"), { kind: "said", text: "Your status: do not disturb", failed: false });
    daemon.answer(setPresence, () => failure("unavailable", "The daemon is away."));
    await conversation.take({ kind: "status", token, state: "away", text: "" });
    assert.deepEqual(last("said"), { kind: "said", text: "The daemon is away.", failed: true });
    assert.deepEqual(daemon.askedFor(setPresence.method), [{ state: "dnd", text: "focus" }, { state: "away" }]);
  });

  it("sends the message that is answered along", async () => {
    const { conversation, daemon } = await opened();
    daemon.answer(send, ({ text }) => ({ ok: true, message: message(4, { own: true, text }) }));
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "send", token, ticket: "1", text: "yes", account, answers: 2 });
    assert.deepEqual(daemon.askedFor(send.method), [{ conversation: "user:alice", text: "yes", mid: "1", answers: 2 }]);
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
