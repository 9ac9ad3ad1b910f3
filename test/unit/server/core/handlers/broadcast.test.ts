import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

describe("a broadcast", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice");
  });

  async function say(added: object = {}): Promise<void> {
    alice.request({ type: "broadcast", msg: "all", id: "b", ...added });
    await world.settle();
  }

  it("counts who acknowledged it, and who has a link that took it, once all did [P-4.3]", async () => {
    const bob = await world.join("bob", { acks: true });
    const carol = await world.join("carol");
    carol.stuck = true;
    await say();
    assert.deepEqual(alice.answer("b"), {});
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(alice.answer("b"), {});
    carol.stuck = false;
    await world.settle();
    assert.deepEqual(alice.answer("b"), { id: "b", result: "ok", delivered: 2 });
    assert.deepEqual([bob.texts, carol.texts], [["all"], ["all"]]);
  });

  it("is answered after 2 s with those who have it by then [P-4.3]", async () => {
    const bob = await world.join("bob", { acks: true });
    await world.join("carol", { acks: true });
    await say();
    bob.acknowledgeAll();
    await world.advance(1_500);
    assert.deepEqual(alice.answer("b"), {});
    await world.advance(500);
    assert.equal(alice.answer("b")["delivered"], 1);
  });

  it("does not count whose client refused it, who left, or who blocks the sender [P-4.3]", async () => {
    const bob = await world.join("bob", { acks: true });
    const carol = await world.join("carol", { acks: true });
    const dora = await world.join("dora", { acks: true });
    await world.ask(dora, { type: "block", target: "alice" });
    await say();
    bob.acknowledgeAll("no");
    carol.drop();
    await world.settle();
    assert.equal(alice.answer("b")["delivered"], 0);
    assert.deepEqual(dora.texts, []);
    assert.deepEqual([world.mailbox.texts(2), world.mailbox.texts(3)], [[], []]);
  });

  it("that reached nobody in time is a new attempt when it is sent again [P-4.3]", async () => {
    const bob = await world.join("bob", { acks: true });
    await say({ mid: "m" });
    await world.advance(2_500);
    assert.equal(alice.answer("b")["delivered"], 0);
    await say({ mid: "m", id: "again" });
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual([alice.answer("again")["delivered"], bob.texts.length], [1, 2]);
  });

  it("that is sent again while it waits is one, and all hear the same [P-5.4]", async () => {
    const bob = await world.join("bob", { acks: true });
    await say({ mid: "m" });
    await say({ mid: "m", id: "again" });
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual([alice.answer("b")["delivered"], alice.answer("again")["delivered"], bob.texts.length], [1, 1, 1]);
  });

  it("cuts nobody's link: what does not fit the window waits, and not for ever [P-8.3]", async () => {
    const bob = await world.join("bob", { acks: true });
    bob.stuck = true;
    for (let each = 0; each < 100; each += 1) alice.request({ type: "broadcast", msg: "x".repeat(60_000), id: each });
    await world.settle();
    assert.ok(bob.unsentBytes < 600_000, `${bob.unsentBytes}`);
    bob.stuck = false;
    for (let round = 0; round < 20; round += 1) {
      await world.settle();
      bob.acknowledgeAll();
    }
    await world.advance(2_500);
    const delivered = Array.from({ length: 100 }, (_, each) => alice.answer(each)["delivered"]);
    assert.equal(delivered.filter((count) => count === 1).length, bob.texts.length);
    assert.ok(bob.texts.length > 8 && bob.texts.length < 20, `${bob.texts.length}`);
    assert.equal(bob.closed, false);
  });

  it("comes in its place among the messages of the sender [P-5.6]", async () => {
    const bob = await world.join("bob", { acks: true });
    for (let each = 0; each < 12; each += 1) {
      alice.request({
        type: each % 2 === 0 ? "message" : "broadcast",
        to: "bob",
        msg: `${each} ${"x".repeat(60_000)}`,
      });
    }
    for (let round = 0; round < 5; round += 1) {
      await world.settle();
      bob.acknowledgeAll();
    }
    const order = bob.texts.map((text) => Number(String(text).split(" ")[0]));
    assert.deepEqual(order, Array.from(order.keys()));
    assert.equal(order.length, 12);
  });

  it("is answered by a server that stops, with those who have it", async () => {
    await world.join("bob", { acks: true });
    await say();
    world.core.stop();
    await world.settle();
    assert.equal(alice.answer("b")["delivered"], 0);
  });
});
