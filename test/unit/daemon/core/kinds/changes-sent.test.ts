import assert from "node:assert/strict";
import type { CommandOutcome } from "../../../../../daemon/core/effects.ts";
import { failure } from "../../../../../protocol/errors.ts";
import { spelledOn, withReaction } from "../../../../../daemon/core/kinds/reaction.ts";
import { message } from "../../../extension/stand-ins.ts";
import { World } from "../world.ts";

const bob = "user:bob";
const codeOf = (outcome: CommandOutcome): string => (outcome.ok ? "ok" : outcome.code);

/** With one message of one's own that bob has. */
function talking(): World {
  const world = new World().connected();
  world.send("bob", "helo");
  world.do(world.delivered("bob", "m1"));
  return world;
}

const edit = (text: string, mid = "a1", target = "m1") =>
  ({ kind: "edit", conversation: bob, target, text, mid }) as const;
const takeBack = (mid = "a1", target = "m1") => ({ kind: "deletion", conversation: bob, target, mid }) as const;
const react = (seq: number, emoji: string, on = true, mid = `a${seq}${emoji}${on}`) =>
  ({ kind: "reaction", conversation: bob, seq, emoji, on, mid }) as const;

describe("core: an edit", () => {
  it("counts here at once, and goes out as an event of its own [P-4.15]", () => {
    const world = talking();
    assert.equal(codeOf(world.do(edit("hello"))), "ok");
    assert.deepEqual(
      world.changedMessages.map(({ mid, text, edited, state }) => [mid, text, edited, state]),
      [["m1", "hello", true, "delivered"]],
    );
    assert.deepEqual(world.sent, ["a1"]);
    assert.equal(world.state.contacts.get(bob)?.lastWords, "hello");
    assert.equal(world.shown(bob).length, 1);
    world.do(world.delivered("bob", "a1"));
    assert.equal(world.state.outbox.size, 0);
    assert.equal(world.history.ownEvent("a1")?.state, "delivered");
  });

  it("goes behind its message where that has not left yet [P-5.6]", () => {
    const world = new World().connected().unreachable();
    world.send("bob", "helo");
    world.do(edit("hello"));
    world.connected();
    assert.deepEqual(world.sent, ["m1"]);
    world.do(world.delivered("bob", "m1"));
    assert.deepEqual(world.sent, ["a1"]);
  });

  it("is found in the outbox after a restart", () => {
    const world = talking().unreachable();
    world.do(edit("hello"));
    world.open();
    world.connected();
    assert.deepEqual(world.sent, ["a1"]);
  });

  it("is refused where it is empty, too long, of somebody else's message, or of one that was deleted", () => {
    const world = talking();
    world.do(world.push("bob", "hi", "b1"));
    assert.equal(codeOf(world.do(edit(" \n"))), "bad_request");
    assert.equal(codeOf(world.do(edit("x".repeat(61_440)))), "too_large");
    assert.equal(codeOf(world.do(edit("mine now", "a1", "b1"))), "bad_request");
    assert.equal(codeOf(world.do(edit("x", "a1", "nothing"))), "bad_request");
    world.do(takeBack());
    assert.equal(codeOf(world.do(edit("again", "a2"))), "bad_request");
    assert.deepEqual(
      world.shown(bob).map(({ text }) => text),
      ["", "hi"],
    );
  });

  it("of a message that was refused changes what Retry sends, and says nothing to anybody", () => {
    const world = new World().connected();
    world.send("bob", "helo");
    world.do({ kind: "answered", conversation: bob, mid: "m1", outcome: failure("blocked") });
    world.do(edit("hello"));
    assert.deepEqual(world.sent, []);
    const [message] = world.shown(bob);
    assert.deepEqual([message?.text, message?.state, message?.edited], ["hello", "failed", undefined]);
    assert.equal(codeOf(world.do({ kind: "retry", conversation: bob, mid: "m1" })), "ok");
    assert.deepEqual(world.sent, ["m1"]);
  });

  it("that was refused is told as a notice, and the message stays as it is", () => {
    const world = talking();
    world.do(edit("hello"));
    world.do({ kind: "answered", conversation: bob, mid: "a1", outcome: failure("blocked") });
    assert.deepEqual(world.of("announce"), [
      {
        kind: "announce",
        text: `Your edit of a message to bob did not get through: ${failure("blocked").reason}`,
      },
    ]);
    assert.deepEqual([world.shown(bob)[0]?.text, world.state.outbox.size], ["hello", 0]);
  });

  it("is sent again on a direct link where it waits at the server, behind the messages that do", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.do(world.delivered("bob", "m1", "queued"));
    world.do(edit("two"));
    world.do(world.delivered("bob", "a1", "queued"));
    world.do({ kind: "direct", conversation: bob, link: 7 });
    assert.deepEqual(world.sent, ["m1"]);
    world.do(world.delivered("bob", "m1"));
    assert.deepEqual(world.sent, ["a1"]);
    world.do(world.delivered("bob", "a1"));
    assert.deepEqual([world.sent, world.history.ownEvent("a1")?.state], [[], "delivered"]);
  });
});

describe("core: a deletion", () => {
  it("takes the words and the reactions away, here at once [P-4.15]", () => {
    const world = talking();
    world.do(world.event("bob", "react", "m1", "👍", "b1"));
    world.do(takeBack());
    const [message] = world.changedMessages;
    assert.deepEqual([message?.text, message?.deleted, message?.reactions], ["", true, undefined]);
    assert.deepEqual(world.sent, ["a1"]);
    assert.equal(world.state.contacts.get(bob)?.lastWords, undefined);
    assert.equal(codeOf(world.do(takeBack("a2"))), "ok");
    assert.deepEqual(world.sent, []);
  });

  it("empties the quotes of the message [P-4.15]", () => {
    const world = talking();
    world.do(world.event("bob", "reply", "m1", "what?", "b1"));
    assert.deepEqual(world.shown(bob)[1]?.quote, { mid: "m1", seq: 1, from: "Me", text: "helo" });
    world.do(takeBack());
    assert.deepEqual(world.changedMessages.find(({ mid }) => mid === "b1")?.quote?.text, "");
    assert.equal(world.shown(bob)[1]?.quote?.text, "");
  });

  it("of a message that was refused stays here, and cannot be sent by Retry", () => {
    const world = new World().connected();
    world.send("bob", "oops");
    world.do({ kind: "answered", conversation: bob, mid: "m1", outcome: failure("blocked") });
    world.do(takeBack());
    assert.deepEqual([world.sent, world.shown(bob)[0]?.deleted], [[], true]);
    assert.equal(codeOf(world.do({ kind: "retry", conversation: bob, mid: "m1" })), "bad_request");
  });
});

describe("core: a reaction", () => {
  it("is given and taken back, on messages of anybody [P-4.15]", () => {
    const world = talking();
    world.do(world.push("bob", "hi", "b1"));
    world.do(react(2, "🎉"));
    assert.deepEqual(world.shown(bob)[1]?.reactions, [{ emoji: "🎉", from: ["Me"] }]);
    assert.deepEqual(world.sent, ["a2🎉true"]);
    assert.equal(world.state.contacts.get(bob)?.unread, 1);
    assert.equal(codeOf(world.do(react(2, "🎉"))), "ok");
    assert.deepEqual(world.sent, []);
    world.do(world.delivered("bob", "a2🎉true"), react(2, "🎉", false));
    assert.deepEqual([world.shown(bob)[1]?.reactions, world.sent], [undefined, ["a2🎉false"]]);
  });

  it("is one emoji, of whatever parts, and nothing else", () => {
    const world = talking();
    for (const emoji of ["👍🏽", "👩‍💻", "🇨🇭", "1️⃣", "❤️"]) assert.equal(codeOf(world.do(react(1, emoji))), "ok", emoji);
    for (const other of ["a", "1", "", " 👍", "👍 👍", "<b>", "\u202e", "👍".repeat(17), "\u200d"]) {
      assert.equal(codeOf(world.do(react(1, other))), "bad_request", other);
    }
  });

  it("is taken back in the spelling in which it was kept, from when spellings were told apart", () => {
    const [bare, coloured] = ["\u2764", "\u2764\uFE0F"];
    const reactions = [
      { emoji: bare, from: ["alice"] },
      { emoji: coloured, from: ["Bob"] },
    ];
    const old = message(1, { reactions });
    assert.equal(spelledOn(old, coloured, "alice"), bare);
    assert.equal(spelledOn(old, coloured, "bob"), coloured);
    assert.equal(spelledOn(old, coloured, "carol"), bare);
    assert.equal(spelledOn(old, "👍", "carol"), "👍");
    assert.deepEqual(withReaction(old, spelledOn(old, coloured, "alice"), "alice", false)?.reactions, [reactions[1]]);
  });

  it("is refused for a message that is not there, was deleted, or has 32 different ones", () => {
    const world = talking();
    assert.equal(codeOf(world.do(react(9, "👍"))), "bad_request");
    for (let index = 0; index < 32; index += 1) {
      assert.equal(codeOf(world.do(react(1, String.fromCodePoint(0x1f600 + index)))), "ok");
    }
    assert.match(JSON.stringify(world.do(react(1, "👍"))), /32 different reactions/);
    assert.equal(codeOf(world.do(react(1, "😀", false))), "ok");
    assert.equal(codeOf(world.do(react(1, "👍"))), "ok");
    world.do(takeBack());
    assert.equal(codeOf(world.do(react(1, "👍"))), "bad_request");
  });

  it("that was refused is taken back here, and said", () => {
    const world = talking();
    world.do(react(1, "👍"));
    world.do({ kind: "answered", conversation: bob, mid: "a1👍true", outcome: failure("blocked") });
    assert.equal(world.shown(bob)[0]?.reactions, undefined);
    assert.match(world.of("announce")[0]?.text ?? "", /^Your reaction to a message to bob did not get through/);
  });
});

describe("core: reactions that were refused one after the other", () => {
  it("leave what the other side has, also where they were given and taken back meanwhile", () => {
    const world = talking();
    world.do(react(1, "👍", true, "on"));
    world.do(react(1, "👍", false, "off"));
    for (const mid of ["on", "off"]) {
      world.do({ kind: "answered", conversation: bob, mid, outcome: failure("blocked") });
      assert.equal(world.shown(bob)[0]?.reactions, undefined, mid);
    }
  });
});

describe("core: an answer", () => {
  it("quotes the message that it answers [P-4.15]", () => {
    const world = talking();
    world.do(world.push("bob", "lunch?\nat noon", "b1"));
    const outcome = world.do({ kind: "send", conversation: bob, text: "yes", mid: "m2", replyTo: 2 });
    assert.deepEqual(outcome.ok && outcome.message?.quote, { mid: "b1", seq: 2, from: "bob", text: "lunch? at noon" });
    assert.deepEqual(world.shown(bob)[2]?.quote?.mid, "b1");
    assert.equal(
      codeOf(world.do({ kind: "send", conversation: bob, text: "yes", mid: "m3", replyTo: 9 })),
      "bad_request",
    );
  });

  it("keeps its quote when it is sent again", () => {
    const world = talking();
    world.do({ kind: "send", conversation: bob, text: "and?", mid: "m2", replyTo: 1 });
    world.do({ kind: "answered", conversation: bob, mid: "m2", outcome: failure("blocked") });
    world.do({ kind: "retry", conversation: bob, mid: "m2" });
    assert.equal(world.changedMessages[0]?.quote?.mid, "m1");
    assert.equal(world.changedMessages[0].failure, undefined);
  });
});
