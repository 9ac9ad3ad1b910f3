import assert from "node:assert/strict";
import { historyChanged } from "../../../../protocol/api/removal.ts";
import { contactsChanged, messagesChanged, sessionChanged } from "../../../../protocol/api/notifications.ts";
import { history } from "../../../../protocol/api/session.ts";
import { send } from "../../../../protocol/conversations/kinds/text.ts";
import { connectedSession, erin, message, person, settled } from "../stand-ins.ts";
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

  it("posts its head again when the contact changes", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.tell(contactsChanged, { changed: [person("alice", { blocked: true })], removed: [] });
    assert.equal(last("head").banner?.actions[0]?.id, "unblock");
    await settled();
    assert.equal(daemon.askedFor(history.method).length, 1);
  });

  it("says of nobody that they are offline, whether the server lists them no more or never did", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(last("head").unsure, undefined);
    const gone = person("alice", { unknown: true, presence: "offline" });
    daemon.tell(contactsChanged, { changed: [gone], removed: [] });
    assert.equal(last("head").unsure, true);
    assert.match(last("head").banner?.text ?? "", /no user of that name/);
    daemon.tell(contactsChanged, { changed: [person("alice", { presence: "offline" })], removed: [] });
    assert.deepEqual([last("head").unsure, last("head").banner], [undefined, undefined]);
    daemon.tell(contactsChanged, { changed: [], removed: ["user:alice"] });
    assert.equal(last("head").unsure, true);
    assert.match(last("head").banner?.text ?? "", /no user of that name/);
  });

  it("posts nothing more once its panel was closed, whatever is still on its way", async () => {
    const { conversation, daemon, posted } = await opened({ count: 100 });
    await conversation.take({ kind: "ready", token, pending: [] });
    const older = conversation.take({ kind: "older", token, before: 41 });
    posted.splice(0);
    conversation.dispose();
    conversation.tell({ kind: "notice", text: "Copied.", failed: false });
    daemon.tell(messagesChanged, { messages: [message(101)] });
    await older;
    assert.deepEqual(posted, []);
  });

  it("asks for the caret once, when the panel can take it, and says to every new one who it is with", async () => {
    const { conversation, kinds } = await opened();
    conversation.focusComposer();
    await conversation.take({ kind: "ready", token, pending: [] });
    conversation.webviewGone();
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.equal(kinds().filter((kind) => kind === "focus").length, 1);
    assert.equal(kinds().filter((kind) => kind === "head").length, 2);
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
      await conversation.take({ kind: "send", token, mid: "1", text: "hello", account });
      assert.equal(last("settled").outcome, "refused");
      assert.deepEqual(daemon.askedFor(send.method), []);
      assert.equal(daemon.askedFor(history.method).length, read);
    }
  });

  it("shows the messages of whoever was signed in last, and takes no text", async () => {
    const { conversation, daemon, last, seqs } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    const read = daemon.askedFor(history.method).length;
    daemon.tell(sessionChanged, {
      session: { state: "signedOut", account: { user: "bob", server: "127.0.0.1:8765" } },
    });
    await settled();
    assert.deepEqual([last("head").writing, last("head").account], ["closed", undefined]);
    assert.equal(daemon.askedFor(history.method).length, read + 1, "the page has forgotten what it showed");
    assert.deepEqual(seqs(), [1, 2, 3]);
    daemon.tell(sessionChanged, { session: connectedSession });
    await settled();
    assert.equal(last("head").writing, "open");
    assert.equal(daemon.askedFor(history.method).length, read + 2);
  });

  it("reads again when what it showed was deleted or stands elsewhere, and only then", async () => {
    const { conversation, daemon, all, seqs } = await opened();
    await conversation.take({ kind: "ready", token, pending: [], anchor: 2 });
    all.splice(0, 2);
    daemon.tell(historyChanged, { conversation: "user:carol" });
    await settled();
    assert.deepEqual(seqs(), [1, 2, 3]);
    for (const params of [{ conversation: "user:alice" }, {}] as const) {
      daemon.tell(historyChanged, params);
      await settled();
      assert.deepEqual(seqs(), [3]);
    }
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
    daemon.tell(messagesChanged, { messages: [message(4, { text: "@alice, ask @carol" })] });
    assert.deepEqual([last("names").own, last("names").others], ["bob", ["alice"]]);
    const told = kinds().filter((kind) => kind === "names").length;
    daemon.tell(contactsChanged, { changed: [person("alice", { unread: 1 })], removed: [] });
    assert.equal(kinds().filter((kind) => kind === "names").length, told);
    daemon.tell(contactsChanged, { changed: [person("carol")], removed: [] });
    assert.deepEqual(last("names").others, ["alice", "carol"]);
  });

  it("gives what waits for a hidden panel to nobody else", async () => {
    const { conversation, daemon, kinds } = await opened();
    conversation.tell({ kind: "insert", text: "of bob" });
    daemon.tell(sessionChanged, { session: erin });
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.ok(!kinds().includes("insert"));
  });
});
