import assert from "node:assert/strict";
import { contactViews } from "../../../../daemon/core/contact-views.ts";
import { failure } from "../../../../protocol/errors.ts";
import { World } from "./world.ts";

function names(world: World): string[] {
  return [...world.state.contacts.values()].map(({ name }) => name);
}

describe("core: who is there", () => {
  it("is everyone from the start", () => {
    assert.deepEqual(names(new World().open()), [""]);
  });

  it("is the directory, without this person, in deltas", () => {
    const world = new World().connected();
    const people = [
      { name: "Bob", state: "available" },
      { name: "me", state: "available" },
    ] as const;
    world.do({ kind: "people", people });
    assert.deepEqual(names(world), ["", "Bob"]);
    assert.deepEqual(
      world.of("contactsChanged")[0]?.changed.map(({ name }) => name),
      ["Bob"],
    );
    world.do({ kind: "people", people });
    assert.deepEqual(world.effects, []);
  });

  it("drops who is not in the directory any more, unless there is a history or a block", () => {
    const world = new World().connected();
    const people = ["gone", "talked", "bad"].map((name) => ({ name, state: "available" as const }));
    world.do({ kind: "people", people });
    world.do(world.push("talked", "hi", "t1"));
    world.do({ kind: "blocked", name: "bad", blocked: true });
    world.do({ kind: "directoryRead", listed: new Set() });
    assert.deepEqual(world.of("contactsChanged")[0]?.removed, ["user:gone"]);
    assert.deepEqual(names(world), ["", "talked", "bad"]);
    assert.equal(world.state.contacts.get("user:talked")?.presence, "offline");
  });

  it("takes the server's block list for the truth and remembers it [P-4.12]", () => {
    const world = new World().connected();
    world.do({ kind: "blocked", name: "bob", blocked: true });
    world.do({ kind: "blockList", names: ["Carol"] });
    assert.equal(world.state.contacts.get("user:bob")?.blocked, false);
    assert.equal(world.state.contacts.get("user:carol")?.blocked, true);
    const stored = world.history.load().contacts.map(({ name, blocked }) => [name, blocked]);
    assert.deepEqual(stored, [
      ["bob", false],
      ["Carol", true],
    ]);
  });

  it("makes a contact of a name that somebody wants to talk to, and not of what is no name [P-3.1]", () => {
    const world = new World().connected();
    const outcome = world.do({ kind: "contact", name: "Dave" });
    assert.equal(outcome.ok && outcome.contact?.conversation, "user:dave");
    assert.equal(world.do({ kind: "contact", name: "a b" }).ok, false);
    assert.deepEqual(world.history.load().contacts, []);
  });

  it("is nobody to whom a first message was refused because the server has no such name, also after a restart", () => {
    const world = new World().connected();
    const shown = () => contactViews(world.state).map(({ name }) => name);
    const refuse = (mid: string) => {
      world.do({ kind: "answered", conversation: "user:alice", mid, outcome: failure("no_such_user") });
    };
    const first = world.send("alice", "hello");
    world.send("alice", "there?");
    assert.deepEqual(shown(), ["", "alice"]);
    refuse(first.mid);
    assert.deepEqual(shown(), ["", "alice"], "the second may still find somebody");
    refuse("m2");
    assert.deepEqual(shown(), [""]);
    assert.deepEqual(world.of("contactsChanged")[0]?.removed, ["user:alice"]);
    assert.equal(world.shown("user:alice").length, 2);
    world.open().connected();
    assert.deepEqual(shown(), [""]);
    world.do({ kind: "people", people: [{ name: "Alice", state: "available" }] });
    assert.deepEqual(shown(), ["", "Alice"]);
  });

  it("is who wrote or got something once, though the server has nobody of that name any more, which is said", () => {
    const world = new World().connected();
    const alice = () => contactViews(world.state).find(({ conversation }) => conversation === "user:alice");
    world.do(world.push("alice", "hi", "a1"));
    assert.equal(alice()?.unknown, undefined);
    world.do({ kind: "directoryRead", listed: new Set() });
    assert.equal(alice()?.unknown, true);
    const { mid } = world.send("alice", "hello?");
    world.do({ kind: "answered", conversation: "user:alice", mid, outcome: failure("no_such_user") });
    assert.deepEqual([alice()?.unknown, alice()?.presence], [true, "offline"]);
    world.unreachable();
    assert.equal(alice()?.unknown, undefined);
    world.connected();
    world.do({ kind: "people", people: [{ name: "alice", state: "away" }] });
    assert.equal(alice()?.unknown, undefined);
  });

  it("is somebody again once a message to them is taken", () => {
    const world = new World().connected();
    const { mid } = world.send("alice", "hello");
    world.do({ kind: "answered", conversation: "user:alice", mid, outcome: failure("no_such_user") });
    world.do({ kind: "retry", conversation: "user:alice", mid });
    world.do(world.delivered("alice", mid));
    const shown = contactViews(world.state).map(({ name, unknown }) => [name, unknown]);
    assert.deepEqual(shown.at(-1), ["alice", undefined]);
  });

  it("is unchanged by the same step made twice from the same state", () => {
    const world = new World().connected();
    const before = world.state;
    world.do(world.push("bob", "one", "b1"));
    assert.equal(before.contacts.has("user:bob"), false);
    assert.notEqual(world.state.contacts, before.contacts);
  });
});
