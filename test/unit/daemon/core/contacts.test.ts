import assert from "node:assert/strict";
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

  it("is unchanged by the same step made twice from the same state", () => {
    const world = new World().connected();
    const before = world.state;
    world.do(world.push("bob", "one", "b1"));
    assert.equal(before.contacts.has("user:bob"), false);
    assert.notEqual(world.state.contacts, before.contacts);
  });
});
