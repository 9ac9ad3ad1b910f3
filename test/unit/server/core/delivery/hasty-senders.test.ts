import assert from "node:assert/strict";
import { QueueWorld } from "../../queue-world.ts";

// An answer may open the gate of the sender's link, and what waits behind it is read before the answer returned.
describe("senders who go on the moment they hear of a message", () => {
  let world: QueueWorld;

  beforeEach(() => {
    world = new QueueWorld();
  });

  it("come behind what is given back, also if they hear of a broadcast in the middle of that [P-5.6]", async () => {
    await world.attach();
    world.say("one");
    world.broadcast("all", () => world.say("three"));
    world.say("two");
    await world.detach();
    assert.deepEqual([world.outcome("all"), world.stored], ["delivered to 0", ["one", "two", "three"]]);
  });

  it("come behind what a port could not be brought [P-5.6]", async () => {
    await world.attach({ acks: false, final: false });
    world.broadcast("all", () => world.say("two"));
    world.say("one");
    world.queue.failed();
    await world.settle();
    assert.deepEqual(world.stored, ["one", "two"]);
    await world.advance(10_500);
    world.channel.take();
    await world.settle();
    assert.deepEqual([world.channel.texts.slice(-2), world.stored], [["one", "two"], []]);
  });

  it("come in order behind one that was acknowledged, stored or refused [P-5.6]", async () => {
    await world.attach();
    world.offer("one", { then: () => world.say("four") });
    world.offer("two", { then: () => world.say("five") });
    world.offer("three", { then: () => world.say("six") });
    await world.ack("one");
    await world.refuse("two", "bad_request");
    await world.advance(10_500);
    await world.ackAll();
    await world.advance(1_000);
    await world.ackAll();
    assert.deepEqual([world.channel.texts, world.stored], [["one", "two", "three", "four", "five", "six"], []]);
  });

  it("write to themselves: a letter that is acknowledged while its sender is told leaves nothing behind [P-5.2]", async () => {
    await world.attach();
    world.offer("one", { then: () => world.answer(world.idOf("one"), { result: "ok" }) });
    await world.advance(10_500);
    assert.deepEqual([world.outcome("one"), world.stored], ["queued", []]);
  });

  it("hear once that the account is gone, whether their message was in flight or waited [P-5.2]", async () => {
    await world.attach();
    const large = Array.from({ length: 9 }, (_, each) => `t${each}`);
    for (const text of large) world.offer(text, { size: 60_000 });
    world.offer("waits");
    world.broadcast("all");
    world.queue.end();
    for (const text of [...large, "waits"]) assert.equal(world.outcome(text), "no_such_user");
    assert.deepEqual([world.outcome("all"), world.queue.inFlightCount, world.queue.idle], ["delivered to 0", 0, true]);
  });
});
