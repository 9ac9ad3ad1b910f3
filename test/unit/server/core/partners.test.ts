import assert from "node:assert/strict";
import { MemoryWorld } from "../memory-world.ts";
import type { MemoryLink } from "../memory-world.ts";
import { say } from "../pair.ts";

describe("a client that knows only the seed", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;
  let bob: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice");
    bob = await world.join("bob", { device: "laptop" });
  });

  const gone = (link: MemoryLink) => link.ofType("offline").map(({ from }) => from);
  async function leave(link: MemoryLink): Promise<void> {
    link.request({ type: "logout" });
    await world.settle();
  }

  it("hears when somebody leaves with whom it exchanged messages, and of nobody else [P-6.2]", async () => {
    const carol = await world.join("carol");
    const dora = await world.join("dora");
    say(alice, "bob", "to bob");
    say(carol, "alice", "from carol");
    await world.settle();
    for (const link of [bob, carol, dora]) await leave(link);
    assert.deepEqual(gone(alice), ["bob", "carol"]);
  });

  it("hears it too when they vanished, and not while they may come back [P-4.9, P-6.2]", async () => {
    say(alice, "bob", "one");
    bob.drop();
    await world.advance(30_000);
    alice.request({ type: "alive" });
    await world.advance(29_500);
    assert.deepEqual(gone(alice), []);
    await world.advance(1_000);
    assert.deepEqual(gone(alice), ["bob"]);
  });

  it("hears it once, and again only if they talked again [P-6.2]", async () => {
    say(alice, "bob", "one");
    await world.settle();
    await leave(bob);
    await leave(await world.signIn("bob"));
    assert.deepEqual(gone(alice), ["bob"]);
    const again = await world.signIn("bob");
    say(alice, "bob", "two");
    await world.settle();
    await leave(again);
    assert.deepEqual(gone(alice), ["bob", "bob"]);
  });

  it("hears nothing when they move to another device, and then when they leave there [P-4.1, P-6.2]", async () => {
    say(alice, "bob", "one");
    await world.settle();
    const desktop = await world.signIn("bob", { device: "desktop" });
    assert.deepEqual([bob.closed, gone(alice)], [true, []]);
    await leave(desktop);
    assert.deepEqual(gone(alice), ["bob"]);
  });

  it("hears it on the link it has by then [P-4.1, P-6.2]", async () => {
    say(alice, "bob", "one");
    await world.settle();
    const elsewhere = await world.signIn("alice", { device: "desktop" });
    await leave(bob);
    assert.deepEqual([gone(alice), gone(elsewhere)], [[], ["bob"]]);
  });

  it("hears it once if it asked for presence: with everybody else [P-4.13]", async () => {
    const carol = await world.join("carol", { presence: true });
    say(carol, "bob", "one");
    await world.settle();
    await leave(bob);
    assert.deepEqual(gone(carol), ["bob"]);
  });

  it("hears nothing of somebody who blocks it by then [P-6.2]", async () => {
    say(alice, "bob", "one");
    bob.request({ type: "block", target: "alice" });
    await world.settle();
    await leave(bob);
    assert.deepEqual(gone(alice), []);
  });
});
