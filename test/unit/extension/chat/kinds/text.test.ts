import assert from "node:assert/strict";
import { messagesChanged, sessionChanged } from "../../../../../protocol/api/notifications.ts";
import { retry, send } from "../../../../../protocol/conversations/kinds/text.ts";
import { snapshot } from "../../../../../protocol/api/session.ts";
import { failure } from "../../../../../protocol/errors.ts";
import { erin, message, settled } from "../../stand-ins.ts";
import { account, opened, token } from "../conversation-stand-in.ts";

describe("A conversation that is given a text to send", () => {
  it("says that a text is stored only when the daemon did", async () => {
    const { conversation, daemon, kinds, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    daemon.answer(send, async ({ text }) => {
      await promise;
      return { ok: true, message: message(4, { own: true, text, state: "sending" }) };
    });
    const sent = conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
    await settled();
    assert.ok(!kinds().includes("settled"));
    resolve(undefined);
    await sent;
    assert.deepEqual(last("settled"), { kind: "settled", mid: "1", outcome: "stored" });
    assert.equal(last("changed").messages[0]?.text, "hello");
  });

  it("says why a text was refused", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(send, () => failure("too_large"));
    await conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
    assert.equal(last("settled").outcome, "refused");
    assert.match(last("settled").reason ?? "", /too long/);
  });

  it("sends a text once, however often the panel asks", async () => {
    const { conversation, daemon } = await opened();
    daemon.answer(send, () => failure("too_large"));
    await conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
    await conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
    assert.equal(daemon.askedFor(send.method).length, 1);
  });

  it("asks the daemon that comes after a lost one for the same message, under the same id", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.setLink({ state: "connecting" });
    daemon.answer(send, () => failure("unavailable"));
    const sent = conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
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
    await conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
    assert.deepEqual(last("settled"), {
      kind: "settled",
      mid: "1",
      outcome: "refused",
      reason: "It cannot be started.",
      transient: true,
    });
  });

  it("tells a panel that was hidden meanwhile what became of its texts, also that nobody knows", async () => {
    const { conversation, daemon, posted } = await opened();
    daemon.answer(send, () => failure("too_large"));
    await conversation.take({ kind: "ready", token, pending: [] });
    conversation.webviewGone();
    await conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
    posted.splice(0);
    await conversation.take({ kind: "ready", token, pending: ["1", "2"] });
    assert.deepEqual(
      posted.filter((each) => each.kind === "settled").map((each) => [each.mid, each.outcome]),
      [
        ["1", "refused"],
        ["2", "unknown"],
      ],
    );
  });

  it("sends no text of one account as another, also not when the daemon comes back with it", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.setLink({ state: "connecting" });
    daemon.answer(send, () => failure("unavailable"));
    const sent = conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
    await settled();
    daemon.answer(snapshot, () => ({ ok: true, session: erin, contacts: [] }));
    daemon.tell(sessionChanged, { session: erin });
    daemon.setLink({ state: "connected" });
    await sent;
    assert.equal(last("settled").outcome, "refused");
    assert.equal(daemon.askedFor(send.method).length, 1);
  });

  it("waits for the daemon's word on who is signed in before it asks a new one", async () => {
    const { conversation, daemon, posted } = await opened();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.setLink({ state: "connecting" });
    daemon.answer(send, () => failure("unavailable"));
    const sent = conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
    await settled();
    daemon.answer(snapshot, async () => {
      await promise;
      return { ok: true, session: erin, contacts: [] };
    });
    daemon.setLink({ state: "connected" });
    const late = conversation.take({ kind: "send", token, mid: "2", text: "hello again", account });
    await settled();
    resolve(undefined);
    await Promise.all([sent, late]);
    assert.deepEqual(
      posted.filter((each) => each.kind === "settled").map((each) => each.outcome),
      ["refused", "refused"],
    );
    assert.equal(daemon.askedFor(send.method).length, 1);
  });

  it("sends the message that is answered along", async () => {
    const { conversation, daemon } = await opened();
    daemon.answer(send, ({ text }) => ({ ok: true, message: message(4, { own: true, text }) }));
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "send", token, mid: "1", text: "yes", account, replyTo: 2 });
    assert.deepEqual(daemon.askedFor(send.method), [{ conversation: "user:alice", text: "yes", mid: "1", answers: 2 }]);
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
});
