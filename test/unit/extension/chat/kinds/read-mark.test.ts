import assert from "node:assert/strict";
import { contactsChanged, messagesChanged, sessionChanged } from "../../../../../protocol/api/notifications.ts";
import { markRead, markUnread } from "../../../../../protocol/conversations/kinds/read-mark.ts";
import { erin, message, person } from "../../stand-ins.ts";
import { opened, token } from "../conversation-stand-in.ts";

describe("A conversation whose page says what was seen", () => {
  it("marks as read only what the panel showed while it was in sight", async () => {
    let inSight = false;
    const { conversation, daemon } = await opened({ inSight: () => inSight });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "seen", token, upTo: 3 });
    assert.deepEqual(daemon.askedFor(markRead.method), []);
    inSight = true;
    await conversation.markSeen();
    await conversation.markSeen();
    assert.deepEqual(daemon.askedFor(markRead.method), [{ conversation: "user:alice", upTo: 3 }]);
  });

  it("keeps unread what the person marked so, until the panel was left", async () => {
    const { conversation, daemon, last } = await opened();
    daemon.answer(markUnread, () => {
      daemon.tell(contactsChanged, { changed: [person("alice", { unread: 2 })], removed: [] });
      return { ok: true };
    });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "seen", token, upTo: 3 });
    await conversation.take({ kind: "unread", token, seq: 2 });
    assert.deepEqual(daemon.askedFor(markUnread.method), [{ conversation: "user:alice", from: 2 }]);
    assert.equal(last("kept").newFrom, 2);
    daemon.tell(messagesChanged, { messages: [message(4)] });
    await conversation.take({ kind: "seen", token, upTo: 4 });
    await conversation.markSeen();
    assert.equal(daemon.askedFor(markRead.method).length, 1);
    conversation.webviewGone();
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(last("loaded").newFrom, 2);
    await conversation.take({ kind: "seen", token, upTo: 3 });
    assert.equal(daemon.askedFor(markRead.method).length, 2);
  });

  it("reads on after it was marked as unread and then, elsewhere, as read", async () => {
    const { conversation, daemon } = await opened();
    const tell = (unread: number) =>
      daemon.tell(contactsChanged, { changed: [person("alice", { unread })], removed: [] });
    daemon.answer(markUnread, () => {
      tell(2);
      return { ok: true };
    });
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "unread", token, seq: 2 });
    tell(0);
    daemon.tell(messagesChanged, { messages: [message(4)] });
    await conversation.take({ kind: "seen", token, upTo: 4 });
    assert.deepEqual(daemon.askedFor(markRead.method), [{ conversation: "user:alice", upTo: 4 }]);
  });

  it("says why nothing could be marked as unread", async () => {
    const { conversation, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "unread", token, seq: 2 });
    assert.equal(last("notice").failed, true);
  });

  it("marks nothing as read by what a panel said of another account's messages", async () => {
    const { conversation, daemon } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.tell(sessionChanged, { session: erin });
    await conversation.take({ kind: "seen", token, upTo: 3 });
    assert.deepEqual(daemon.askedFor(markRead.method), []);
  });
});
