import assert from "node:assert/strict";
import { contactViews } from "../../../../daemon/core/contact-views.ts";
import { unreadTotals } from "../../../../daemon/core/state.ts";
import { World } from "./world.ts";

const window = { focused: true, visible: [], tells: true } as const;

describe("core: what others send", () => {
  it("is stored, counted and acknowledged once [P-5.1] [P-5.4]", () => {
    const world = new World().connected();
    world.do(world.push("Bob", "hello", "b1", { ts: 77 }));
    assert.deepEqual(world.of("acknowledge"), [{ kind: "acknowledge", receipt: 1 }]);
    assert.deepEqual(world.changedMessages, [
      {
        ...{ conversation: "user:bob", seq: 1, mid: "b1", from: "Bob", own: false, text: "hello" },
        ...{ sentAtMs: 77, state: "received" },
      },
    ]);
    world.do(world.push("Bob", "hello", "b1"));
    assert.deepEqual(world.of("acknowledge"), [{ kind: "acknowledge", receipt: 2 }]);
    assert.deepEqual(world.changedMessages, []);
    assert.equal(world.state.contacts.get("user:bob")?.unread, 1);
  });

  it("is shown before what it changes elsewhere: whoever has the chat in sight waits for it", () => {
    const world = new World().connected();
    world.do(world.push("bob", "hello", "b1"));
    assert.deepEqual(
      world.effects.map(({ kind }) => kind),
      ["acknowledge", "lookUp", "messagesChanged", "contactsChanged"],
    );
  });

  it("counts a second one of the same id within one step as the first [P-5.4]", () => {
    const world = new World().connected();
    world.do(world.push("bob", "hello", "b1"), world.push("BOB", "hello", "b1"), world.push("bob", "next", "b2"));
    assert.equal(world.of("acknowledge").length, 3);
    assert.equal(world.changedMessages.length, 2);
    assert.equal(world.state.contacts.get("user:bob")?.unread, 2);
  });

  it("takes the same id from another sender for another message [P-5.4]", () => {
    const world = new World().connected();
    world.do(world.push("bob", "hello", "1"), world.push("carol", "hello", "1"));
    assert.equal(world.changedMessages.length, 2);
  });

  it("is not acknowledged when there is no history to store it in", () => {
    const world = new World();
    world.do(world.push("bob", "hello", "b1"));
    assert.deepEqual(world.effects, []);
  });

  it("goes to everyone's conversation when it was sent to everyone [P-6.1]", () => {
    const world = new World().connected();
    world.do(world.push("bob", "hello all", "b1", { broadcast: true }));
    assert.equal(world.changedMessages[0]?.conversation, "everyone");
    assert.equal(world.state.contacts.get("everyone")?.name, "");
    assert.equal(world.state.contacts.get("everyone")?.unread, 1);
  });

  it("asks the server about an author whom the directory has not shown", () => {
    const world = new World().connected();
    world.do(world.push("newcomer", "hello", "n1"));
    assert.deepEqual(world.of("lookUp"), [{ kind: "lookUp", name: "newcomer" }]);
    world.do({ kind: "people", people: [{ name: "newcomer", state: "away" }] });
    world.do(world.push("newcomer", "again", "n2"));
    assert.deepEqual(world.of("lookUp"), []);
  });

  it("does not come back when it is this person's own message to themselves", () => {
    const world = new World().connected();
    const message = world.send("me", "note");
    world.do(world.push("Me", "note", message.mid));
    assert.equal(world.of("acknowledge").length, 1);
    assert.deepEqual(world.changedMessages, []);
  });

  it("is told about in one window, with one telling for a conversation of a step", () => {
    const world = new World().connected();
    world.do({ kind: "window", window: 1, report: { ...window, focused: false } });
    world.do({ kind: "window", window: 2, report: window });
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"));
    const told = world.of("tell").map(({ window: id, message, title }) => [id, message.text, title]);
    assert.deepEqual(told, [[2, "two", "bob"]]);
  });

  it("is told about by the one that names the person, of all that came in a step", () => {
    const world = new World().connected();
    world.do({ kind: "window", window: 1, report: { ...window, mentions: true } });
    const texts = ["one", "@me: the outage", "three", "```\n@me\n```"];
    world.do(...texts.map((text, index) => world.push("bob", text, `b${index}`)));
    assert.deepEqual(
      world.of("tell").map(({ message, named }) => [message.text, named]),
      [["@me: the outage", true]],
    );
    world.do(world.push("bob", "me@example.com", "b9"));
    assert.deepEqual(world.of("tell"), []);
  });

  it("counts no more once its author took it back unread, in the same step too", () => {
    const world = new World().connected();
    const unread = () => world.state.contacts.get("user:bob")?.unread;
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"));
    world.do(world.event("bob", "delete", "b1", "(deleted)", "a1"));
    assert.equal(unread(), 1);
    world.do(world.push("bob", "three", "b3"), world.event("bob", "delete", "b3", "(deleted)", "a3"));
    assert.equal(unread(), 1);
    world.open();
    assert.equal(unread(), 1);
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 3 });
    world.do(world.event("bob", "delete", "b2", "(deleted)", "a2"));
    assert.equal(unread(), 0);
  });

  it("is unread again from where the person wants it, also after a restart, and what was told stays told", () => {
    const world = new World().connected();
    const bob = () => world.state.contacts.get("user:bob");
    const markUnread = (from: number) => world.do({ kind: "markUnread", conversation: "user:bob", from });
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"), world.push("bob", "three", "b3"));
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 3 });
    assert.deepEqual(markUnread(2), { ok: true });
    assert.deepEqual([bob()?.unread, bob()?.readMarkSentSeq, world.of("signalRead")], [2, 3, []]);
    world.open().connected();
    assert.deepEqual([bob()?.unread, bob()?.readMarkSentSeq, world.of("signalRead")], [2, 3, []]);
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 3 });
    assert.deepEqual([bob()?.unread, world.of("signalRead")], [0, []]);
  });

  it("is unread from a later message on where the person says so next, and nowhere without one of somebody else", () => {
    const world = new World().connected();
    const bob = () => world.state.contacts.get("user:bob");
    const markUnread = (from: number) => world.do({ kind: "markUnread", conversation: "user:bob", from });
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"));
    markUnread(1);
    markUnread(2);
    assert.equal(bob()?.unread, 1);
    assert.equal(markUnread(3).ok, false);
    const none = world.do({ kind: "markUnread", conversation: "user:nobody", from: 1 });
    assert.deepEqual([bob()?.unread, none.ok], [1, false]);
  });

  it("is read once this person answers", () => {
    const world = new World().connected();
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"));
    world.send("bob", "yes");
    assert.equal(world.state.contacts.get("user:bob")?.unread, 0);
    assert.deepEqual(
      world.of("signalRead").map(({ upTo }) => upTo),
      ["b2"],
    );
    assert.equal(world.history.load().contacts[0]?.readSeq, 3);
  });

  it("is not told about when it is muted, though it counts as unread", () => {
    const world = new World().connected();
    world.do({ kind: "window", window: 1, report: window });
    world.do(world.push("bob", "one", "b1"));
    world.do({ kind: "mute", conversation: "user:bob", muted: true });
    world.do(world.push("bob", "two", "b2"));
    assert.deepEqual(world.of("tell"), []);
    assert.equal(world.state.contacts.get("user:bob")?.unread, 2);
    assert.deepEqual(unreadTotals(world.state), { unread: 0, muted: 2 });
  });
});

describe("core: read marks", () => {
  it("lower the count and tell the author up to where [P-4.14]", () => {
    const world = new World().connected();
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"), world.push("bob", "three", "b3"));
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 2 });
    assert.equal(world.state.contacts.get("user:bob")?.unread, 1);
    assert.deepEqual(world.of("signalRead"), [{ kind: "signalRead", to: "bob", upTo: "b2", link: undefined }]);
    assert.equal(world.history.load().contacts[0]?.readSeq, 2);
  });

  it("do not go back, and are not told twice", () => {
    const world = new World().connected();
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"));
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 99 });
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 1 });
    assert.deepEqual(world.effects, []);
    assert.equal(world.state.contacts.get("user:bob")?.unread, 0);
  });

  it("made while nobody could be told are told after the next connection, once, also after a restart [P-4.14]", () => {
    const world = new World().connected();
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"), world.push("carol", "hi", "c1"));
    world.unreachable();
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 1 });
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 2 });
    assert.deepEqual(world.of("signalRead"), []);
    world.open();
    world.connected();
    assert.deepEqual(world.of("signalRead"), [{ kind: "signalRead", to: "bob", upTo: "b2", link: undefined }]);
    world.unreachable();
    world.connected();
    assert.deepEqual(world.of("signalRead"), []);
  });

  it("are told to nobody where they are switched off, nor later [P-4.14]", () => {
    const world = new World().connected();
    world.do(world.push("bob", "one", "b1"), world.push("bob", "two", "b2"), world.push("bob", "three", "b3"));
    world.unreachable();
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 1 });
    world.do({ kind: "tellRead", on: false });
    world.connected();
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 2 });
    assert.deepEqual(world.of("signalRead"), []);
    assert.equal(world.state.contacts.get("user:bob")?.unread, 1);
    world.do({ kind: "tellRead", on: true });
    world.connected();
    assert.deepEqual(world.of("signalRead"), []);
    world.do({ kind: "markRead", conversation: "user:bob", upTo: 3 });
    assert.deepEqual(
      world.of("signalRead").map(({ upTo }) => upTo),
      ["b3"],
    );
  });

  it("are nobody's business for what was sent to everyone", () => {
    const world = new World().connected();
    world.do(world.push("bob", "one", "b1", { broadcast: true }));
    world.do({ kind: "markRead", conversation: "everyone", upTo: 1 });
    assert.deepEqual(world.of("signalRead"), []);
  });

  it("of the other person make our messages read, up to that one [P-4.14]", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: { ok: true, delivery: "queued" } });
    world.send("bob", "two");
    world.do({ kind: "read", from: "BOB", upTo: "m1" });
    assert.deepEqual(
      world.changedMessages.map(({ mid, state }) => [mid, state]),
      [["m1", "read"]],
    );
  });

  it("are not undone by the server's answer that comes after them", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.do(
      { kind: "read", from: "bob", upTo: "m1" },
      { kind: "answered", conversation: "user:bob", mid: "m1", outcome: { ok: true, delivery: "delivered" } },
    );
    assert.equal(world.history.message("user:bob", 1)?.state, "read");
  });
});

describe("core: what views are shown", () => {
  it("is every contact offline while the server cannot be reached", () => {
    const world = new World().connected();
    world.do({ kind: "people", people: [{ name: "bob", state: "away", text: "lunch" }] });
    assert.equal(contactViews(world.state).find(({ name }) => name === "bob")?.presenceText, "lunch");
    world.unreachable();
    assert.equal(world.of("contactsChanged")[0]?.changed[0]?.presence, "offline");
    assert.equal(contactViews(world.state).find(({ name }) => name === "bob")?.presence, "offline");
  });

  it("is one line of the newest message, without what moves or hides text", () => {
    const world = new World().connected();
    world.do(world.push("bob", `a\n\u001b[31mred\u202e ${"x".repeat(500)}`, "b1"));
    const words = contactViews(world.state).find(({ name }) => name === "bob")?.lastWords ?? "";
    assert.match(words, /^a \[31mred x+…$/);
    assert.equal(Array.from(words).length, 120);
  });
});
