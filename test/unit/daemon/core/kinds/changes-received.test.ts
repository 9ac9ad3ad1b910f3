import assert from "node:assert/strict";
import { contactViews } from "../../../../../daemon/core/contact-views.ts";
import { World } from "../world.ts";

const bob = "user:bob";
const window = { focused: false, visible: [], tells: true } as const;

/** Bob has written `b1`, and a window is there to be told. */
function told(): World {
  const world = new World().connected();
  world.do({ kind: "window", window: 1, report: window });
  world.do(world.push("bob", "helo", "b1"));
  return world;
}

describe("core: what others do to their messages", () => {
  it("changes them without a new line, unread mark or notification [P-4.15]", () => {
    const world = told();
    world.do(world.event("Bob", "edit", "b1", "hello", "b2"));
    assert.deepEqual(
      world.changedMessages.map(({ mid, text, edited }) => [mid, text, edited]),
      [["b1", "hello", true]],
    );
    assert.equal(world.of("acknowledge").length, 1);
    assert.deepEqual([world.of("tell"), world.state.contacts.get(bob)?.unread], [[], 1]);
    assert.equal(world.state.contacts.get(bob)?.lastWords, "hello");
    world.do(world.event("bob", "delete", "b1", "(deleted)", "b3"));
    assert.deepEqual([world.shown(bob)[0]?.text, world.shown(bob)[0]?.deleted], ["", true]);
    assert.equal(world.shown(bob).length, 1);
  });

  it("is done once for an id, for ever [P-5.4]", () => {
    const world = told();
    world.do(world.event("bob", "edit", "b1", "two", "b2"), world.event("bob", "edit", "b1", "three", "b3"));
    world.do(world.event("bob", "edit", "b1", "two", "b2"));
    assert.equal(world.of("acknowledge").length, 1);
    assert.equal(world.shown(bob)[0]?.text, "three");
  });

  it("counts only from their author, and in the same conversation [P-4.15]", () => {
    const world = told();
    world.do(world.event("carol", "delete", "b1", "(deleted)", "c1", { broadcast: true }));
    world.do(world.event("carol", "delete", "b1", "(deleted)", "c2"));
    world.do(world.event("bob", "delete", "b1", "(deleted)", "b2", { broadcast: true }));
    assert.deepEqual([world.shown(bob)[0]?.text, world.shown(bob)[0]?.deleted], ["helo", undefined]);
    const mine = world.send("bob", "mine");
    world.do(world.event("bob", "edit", mine.mid, "yours", "b3"), world.event("bob", "delete", mine.mid, "", "b4"));
    assert.equal(world.history.ownMessage(bob, mine.mid)?.text, "mine");
  });

  it("does not bring back what was deleted", () => {
    const world = told();
    world.do(world.event("bob", "delete", "b1", "(deleted)", "b2"));
    world.do(world.event("bob", "edit", "b1", "back", "b3"), world.event("carol", "react", "b1", "👍", "c1"));
    assert.deepEqual([world.shown(bob)[0]?.text, world.shown(bob)[0]?.reactions], ["", undefined]);
  });

  it("may come in the same step as the message itself", () => {
    const world = new World().connected();
    world.do(
      world.push("bob", "helo", "b1"),
      world.event("bob", "edit", "b1", "hello", "b2"),
      world.event("bob", "react", "b1", "👍", "b3"),
      world.event("bob", "reply", "b1", "me again", "b4"),
    );
    const [first, second] = world.shown(bob);
    assert.deepEqual([first?.text, first?.reactions], ["hello", [{ emoji: "👍", from: ["bob"] }]]);
    assert.deepEqual(second?.quote, { mid: "b1", seq: 1, from: "bob", text: "hello" });
    assert.equal(world.state.contacts.get(bob)?.unread, 2);
  });

  it("shows the words of a kind that is not known [P-4.15]", () => {
    const world = told();
    world.do(world.event("bob", "wave", "b1", "waves at you", "b2"));
    assert.equal(world.shown(bob)[1]?.text, "waves at you");
    assert.equal(world.shown(bob)[1]?.quote, undefined);
  });
});

describe("core: what is done to a message that is not known here", () => {
  it("is a message of its own, for an answer [P-4.15]", () => {
    const world = told();
    world.do(world.event("bob", "reply", "before my time", "indeed", "b2"));
    assert.deepEqual(world.shown(bob)[1]?.quote, { mid: "before my time", text: "" });
    assert.equal(world.of("tell").length, 1);
  });

  it("is a message too, for an edit, and what is done to that one later finds it [P-4.15]", () => {
    const world = told();
    world.do(world.event("bob", "edit", "b0", "first seen", "b2"));
    assert.deepEqual([world.shown(bob)[1]?.text, world.state.contacts.get(bob)?.unread], ["first seen", 2]);
    world.do(world.event("bob", "edit", "b0", "better", "b3"));
    assert.equal(world.shown(bob)[1]?.text, "better");
    world.do(world.push("bob", "late original", "b0"));
    assert.equal(world.shown(bob).length, 2);
    world.do(world.event("bob", "delete", "b0", "(deleted)", "b4"));
    assert.equal(world.shown(bob)[1]?.deleted, true);
  });

  it("is a message under its own id, for an edit of itself, and stops nothing that came with it [P-5.4]", () => {
    const world = new World().connected();
    world.do(world.event("bob", "edit", "b1", "hello", "b1"), world.push("bob", "next", "b2"));
    assert.deepEqual(
      world.shown(bob).map(({ mid, text }) => [mid, text]),
      [
        ["b1", "hello"],
        ["b2", "next"],
      ],
    );
    world.do(world.event("bob", "delete", "b1", "(deleted)", "b3"));
    assert.equal(world.shown(bob)[0]?.deleted, true);
  });

  it("does not take the id of a message of another conversation", () => {
    const world = told();
    world.do(world.event("bob", "edit", "b1", "to all", "b2", { broadcast: true }));
    assert.deepEqual([world.shown("everyone")[0]?.mid, world.shown("everyone")[0]?.text], ["b2", "to all"]);
    assert.equal(world.shown(bob)[0]?.text, "helo");
  });

  it("counts a reaction as one, however it is spelled, and takes exactly one emoji [P-4.15]", () => {
    const world = new World().connected();
    world.do(
      world.push("bob", "hi", "b1"),
      world.event("bob", "react", "b1", "\u2764", "b2"),
      { kind: "reaction", conversation: "user:bob", seq: 1, emoji: "\u2764\uFE0F", on: true, mid: "a1" },
      world.event("bob", "react", "b1", "👍👎", "b3"),
    );
    assert.deepEqual(world.shown("user:bob")[0]?.reactions, [{ emoji: "\u2764\uFE0F", from: ["bob", "Me"] }]);
    world.do(world.event("bob", "unreact", "b1", "\u2764\uFE0F", "b4"));
    assert.deepEqual(world.shown("user:bob")[0]?.reactions, [{ emoji: "\u2764\uFE0F", from: ["Me"] }]);
  });

  it("waits for the message, for a reaction that overtook it [P-4.15]", () => {
    const world = told();
    world.do(
      world.event("bob", "react", "c1", "👍", "b2", { broadcast: true }),
      world.event("dora", "react", "c1", "👍", "d1", { broadcast: true }),
      world.event("dora", "unreact", "c1", "👍", "d2", { broadcast: true }),
    );
    assert.deepEqual([world.changedMessages, world.of("acknowledge").length], [[], 3]);
    world.do(world.push("carol", "hello all", "c1", { broadcast: true }));
    assert.deepEqual(world.shown("everyone")[0]?.reactions, [{ emoji: "👍", from: ["bob"] }]);
    assert.deepEqual(world.history.pendingEvents("everyone", "c1"), []);
  });

  it("waits for it within one step as well, and a deletion for nobody else's [P-4.15]", () => {
    const world = told();
    world.do(
      world.event("bob", "react", "c1", "👍", "b2", { broadcast: true }),
      world.event("bob", "delete", "c1", "(deleted)", "b3", { broadcast: true }),
      world.push("carol", "hello all", "c1", { broadcast: true }),
    );
    const [message] = world.shown("everyone");
    assert.deepEqual([message?.text, message?.reactions], ["hello all", [{ emoji: "👍", from: ["bob"] }]]);
    world.do(world.push("bob", "taken back before it came", "c1", { broadcast: true }));
    assert.deepEqual([world.shown("everyone")[1]?.deleted, world.of("tell")], [true, []]);
  });
});

describe("core: reactions of others", () => {
  it("are shown by emoji, each person once [P-4.15]", () => {
    const world = told();
    world.do(
      world.event("bob", "react", "b1", "👍", "1"),
      world.event("BOB", "react", "b1", "👍", "2"),
      world.event("bob", "react", "b1", "🎉", "3"),
    );
    assert.deepEqual(world.shown(bob)[0]?.reactions, [
      { emoji: "👍", from: ["bob"] },
      { emoji: "🎉", from: ["bob"] },
    ]);
    world.do(world.event("bob", "unreact", "b1", "👍", "4"), world.event("bob", "unreact", "b1", "😀", "5"));
    assert.deepEqual(world.shown(bob)[0]?.reactions, [{ emoji: "🎉", from: ["bob"] }]);
  });

  it("that are no emoji, or too many kinds, are taken without a word", () => {
    const world = told();
    world.do(world.event("bob", "react", "b1", "a whole sentence", "1"), world.event("bob", "react", "b1", "", "2"));
    assert.deepEqual([world.of("acknowledge").length, world.changedMessages], [2, []]);
    for (let index = 0; index < 40; index += 1) {
      world.do(world.event("bob", "react", "b1", String.fromCodePoint(0x1f600 + index), `k${index}`));
    }
    assert.equal(world.shown(bob)[0]?.reactions?.length, 32);
  });
});

describe("core: a reaction to what this person wrote", () => {
  const said = (world: World) => {
    const { lastReaction, unread } = contactViews(world.state).find(({ name }) => name === "bob") ?? {};
    return [lastReaction && `${lastReaction.from} ${lastReaction.emoji}`, unread];
  };
  const begun = (reactions: boolean): { world: World; mid: string } => {
    const world = new World().connected();
    world.do({ kind: "window", window: 1, report: { ...window, reactions } });
    return { world, mid: world.send("bob", "shipped").mid };
  };

  it("is the last that happened there, unread by nobody, and notified only where the person wants that", () => {
    for (const reactions of [true, false]) {
      const { world, mid } = begun(reactions);
      world.do(world.event("bob", "react", mid, "🎉", "b1"));
      assert.deepEqual(said(world), ["bob 🎉", 0]);
      const told = world.of("tell").map(({ title, message, reaction }) => [title, message.text, reaction]);
      assert.deepEqual(told, reactions ? [["bob", "shipped", { emoji: "🎉", from: "bob" }]] : []);
    }
  });

  it("is notified neither in a muted conversation, nor undisturbed, nor beside a message of the same step", () => {
    const { world, mid } = begun(true);
    world.do(world.event("bob", "react", mid, "🎉", "b1"), world.push("bob", "great", "b2"));
    assert.deepEqual(
      world.of("tell").map(({ message }) => message.text),
      ["great"],
    );
    world.do({ kind: "doNotDisturb", on: true });
    world.do(world.event("bob", "react", mid, "👀", "b3"));
    assert.deepEqual(world.of("tell"), []);
    world.do({ kind: "doNotDisturb", on: false });
    world.do({ kind: "mute", conversation: bob, muted: true });
    world.do(world.event("bob", "react", mid, "👍", "b4"));
    assert.deepEqual([world.of("tell"), said(world)[0]], [[], "bob 👍"]);
  });

  it("is said until it is taken back, the message deleted, or something else written", () => {
    const { world, mid } = begun(true);
    const reacted = (id: string) => world.do(world.event("bob", "react", mid, "👍", id));
    reacted("b1");
    world.do(world.event("Bob", "unreact", mid, "👍", "b2"));
    assert.equal(said(world)[0], undefined);
    reacted("b3");
    world.do(world.push("bob", "great", "b4"));
    assert.deepEqual(said(world), [undefined, 1]);
    world.do(world.event("bob", "react", mid, "🎉", "b5"));
    world.do({ kind: "deletion", conversation: bob, target: mid, mid: "d1" });
    assert.equal(said(world)[0], undefined);
  });

  it("is told neither of this person's own, nor of one to somebody else's message", () => {
    const { world, mid } = begun(true);
    world.do({ kind: "reaction", conversation: bob, seq: 1, emoji: "👍", on: true, mid: "m9" });
    world.do(world.push("bob", "hello", "b1"));
    world.do(world.event("bob", "react", "b1", "👍", "b2"));
    assert.deepEqual([said(world)[0], world.of("tell"), mid !== ""], [undefined, [], true]);
  });

  it("is said after a restart where it is to the newest message", () => {
    const { world, mid } = begun(true);
    world.do(world.event("bob", "react", mid, "🎉", "b1"));
    world.open();
    assert.equal(said(world)[0], "bob 🎉");
    world.send("bob", "and more");
    world.open();
    assert.equal(said(world)[0], undefined);
  });
});
