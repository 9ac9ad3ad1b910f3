import assert from "node:assert/strict";
import { limits } from "../../../../../protocol/limits.ts";
import { QueueWorld } from "../../queue-world.ts";

const texts = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `t${from + index}`);

describe("a recipient whose line is slow", () => {
  let world: QueueWorld;

  beforeEach(() => {
    world = new QueueWorld();
  });

  it("is waited for as long as it makes progress: any acknowledgement in 10 s [P-5.2]", async () => {
    const { sent } = await world.attach();
    world.say("one", "two", "three");
    await world.advance(9_500);
    await world.ack("one");
    await world.advance(9_500);
    await world.ack("two");
    assert.deepEqual(
      ["one", "two"].map((text) => world.outcome(text)),
      ["delivered", "delivered"],
    );
    assert.deepEqual([world.stored, sent.length], [[], 3]);
  });

  it("after 10 s without progress is stored what is in flight, and senders hear queued [P-5.2]", async () => {
    await world.attach();
    world.say("one", "two");
    await world.advance(9_500);
    assert.deepEqual([world.outcome("one"), world.stored], [undefined, []]);
    await world.advance(500);
    assert.deepEqual(
      ["one", "two"].map((text) => world.outcome(text)),
      ["queued", "queued"],
    );
    assert.deepEqual(world.stored, ["one", "two"]);
    assert.equal(world.counters.pushesUnanswered, 2);
  });

  it("takes a letter out of the mailbox however late it acknowledges it, and is never pushed one twice [P-5.2]", async () => {
    const channel = await world.attach();
    world.say("one", "two");
    await world.advance(55_000);
    assert.deepEqual(channel.texts, ["one", "two"]);
    await world.ack("two");
    assert.deepEqual([world.stored, channel.texts], [["one"], ["one", "two"]]);
    await world.advance(60_000);
    await world.ack("one");
    assert.deepEqual([world.stored, channel.texts], [[], ["one", "two"]]);
    assert.deepEqual(
      ["one", "two"].map((text) => world.outcome(text)),
      ["queued", "queued"],
    );
  });

  it("that acknowledges while the letter is on its way to the disk has it: its sender hears delivered [P-5.2]", async () => {
    await world.attach();
    world.offer("one", { reported: true });
    world.mailbox.stuck = true;
    await world.advance(10_500);
    await world.ack("one");
    assert.equal(world.outcome("one"), "delivered");
    world.mailbox.stuck = false;
    await world.settle();
    await world.advance(1_000);
    assert.deepEqual([world.stored, world.channel.texts, world.outcome("one")], [[], ["one"], "delivered"]);
  });

  it("is pushed nothing more while it stalls, and everything in order after any acknowledgement [P-5.2, P-5.6]", async () => {
    const { sent } = await world.attach();
    world.say("one", "two");
    await world.advance(10_500);
    world.say("three");
    world.broadcast("all");
    await world.advance(30_000);
    assert.deepEqual([sent.length, world.stored, world.outcome("three")], [2, ["one", "two", "three"], "queued"]);
    await world.ack("one");
    assert.deepEqual(world.channel.texts, ["one", "two", "three", "all"]);
    world.say("four");
    assert.deepEqual(world.channel.texts, ["one", "two", "three", "all", "four"]);
    await world.ackAll();
    assert.deepEqual([world.stored, world.outcome("four")], [[], "delivered"]);
  });

  it("waits for no letter that was left out while later ones were acknowledged: it is stored after 10 s [P-5.2]", async () => {
    await world.attach();
    world.say("left out", "one");
    await world.ack("one");
    await world.advance(9_500);
    assert.equal(world.outcome("left"), undefined);
    await world.advance(1_000);
    assert.deepEqual(world.stored, ["left"]);
    for (const text of texts(5)) {
      world.say(text);
      await world.ack(text);
      await world.advance(15_000);
      assert.equal(world.outcome(text), "delivered");
    }
    assert.deepEqual(world.channel.texts.length, 7);
    world.answer(world.channel.sent[0]?.id ?? 0, { result: "ok" });
    await world.settle();
    assert.deepEqual(world.stored, []);
  });

  it("that is there and never answers the only message it has is given one more each minute [P-5.2]", async () => {
    await world.attach();
    world.say("left out");
    await world.advance(30_000);
    world.say("one", "two", "three");
    await world.advance(39_000);
    assert.deepEqual(world.channel.texts, ["left"]);
    await world.advance(1_500);
    assert.deepEqual(world.channel.texts, ["left", "one"]);
    await world.advance(59_000);
    assert.equal(world.channel.sent.length, 2);
    await world.advance(1_500);
    assert.deepEqual(world.channel.texts, ["left", "one", "two"]);
    await world.ack("two");
    assert.deepEqual(world.channel.texts, ["left", "one", "two", "three"]);
    await world.ack("three");
    world.say("four");
    await world.ack("four");
    assert.deepEqual([world.outcome("four"), world.stored], ["delivered", ["left", "one"]]);
  });

  it("may leave out a broadcast, which is over then: its acknowledgement counts no more [P-4.3]", async () => {
    await world.attach();
    world.broadcast("all");
    world.say("one");
    await world.ack("one");
    await world.advance(10_500);
    assert.deepEqual([world.queue.inFlightCount, world.outcome("all")], [0, "delivered to 0"]);
    await world.ack("all");
    assert.deepEqual([world.stored, world.outcome("all")], [[], "delivered to 0"]);
  });

  it("may leave out as many as it likes: they fill no window, and nothing else waits for them [P-5.2]", async () => {
    await world.attach();
    for (let round = 0; round < 4; round += 1) {
      const some = texts(100, 100 * round);
      world.say(...some);
      await world.ack(...some.filter((_, index) => index % 4 === 3));
      await world.advance(10_500);
    }
    assert.equal(world.stored.length, 300);
    assert.deepEqual([world.queue.inFlightCount, world.queue.inFlightBytes], [0, 0]);
    world.say("last");
    await world.ack("last");
    assert.equal(world.outcome("last"), "delivered");
    await world.detach();
    await world.attach();
    await world.ackAll();
    assert.deepEqual([world.stored, world.channel.sent.length], [[], 300]);
  });

  it("has a window in bytes; what does not fit waits, and is pushed as room comes [P-8.3]", async () => {
    await world.attach();
    const size = 60_000;
    for (const text of texts(12)) world.offer(text, { size });
    const fits = Math.ceil(limits.linkWindowBytes / size);
    assert.equal(world.channel.sent.length, fits);
    assert.deepEqual(world.stored, []);
    await world.ack("t0");
    assert.equal(world.channel.sent.length, fits + 1);
    await world.ackAll();
    assert.deepEqual([world.channel.texts, world.stored], [texts(12), []]);
  });

  it("has a window for bytes that its system has not taken, whatever they are [P-8.3]", async () => {
    const channel = await world.attach();
    channel.unsentBytes = limits.linkWindowBytes;
    world.say("one");
    assert.deepEqual(channel.texts, []);
    channel.unsentBytes = 0;
    channel.take(0);
    assert.deepEqual(channel.texts, ["one"]);
  });

  it("gets what found no room in memory from the mailbox, in order, behind what is in flight [P-5.6, P-8.3]", async () => {
    await world.attach();
    const all = texts(40);
    for (const text of all) world.offer(text, { size: 60_000 });
    await world.settle();
    assert.deepEqual(world.stored, all);
    assert.deepEqual(new Set(all.map((text) => world.outcome(text))), new Set(["queued"]));
    await world.ackAll();
    assert.deepEqual([world.channel.texts, world.stored], [all, []]);
  });

  it("gets them in order also if its link is lost meanwhile [P-5.6]", async () => {
    await world.attach();
    const all = texts(40);
    for (const text of all) world.offer(text, { size: 60_000 });
    await world.detach();
    await world.attach();
    await world.ackAll();
    assert.deepEqual([world.channel.texts, world.stored], [all, []]);
  });

  it("gets in order what was in flight and what waited in memory, if its link is lost [P-5.6]", async () => {
    await world.attach();
    const all = texts(11);
    for (const text of all) world.offer(text, { size: 60_000 });
    assert.equal(world.channel.sent.length, 9);
    await world.detach();
    assert.deepEqual(world.stored, all);
    assert.ok(all.every((text) => world.outcome(text) === "queued"));
  });

  it("gets in order what was pushed before and after it stalled, also on another link [P-5.6]", async () => {
    await world.attach();
    world.say("one");
    await world.advance(9_000);
    world.say("two");
    await world.advance(1_500);
    assert.equal(world.outcome("two"), undefined);
    world.say("three");
    await world.detach();
    assert.deepEqual(world.stored, ["one", "two", "three"]);
    await world.attach();
    assert.deepEqual(world.channel.texts, ["one", "two", "three"]);
  });

  it("keeps no sender waiting for more than 20 s, in memory and in flight together [P-5.2]", async () => {
    await world.attach();
    for (const text of texts(9)) world.offer(text, { size: 60_000 });
    world.say("late");
    await world.advance(9_500);
    await world.ack("t0", "t1");
    assert.equal(world.channel.texts.at(-1), "late");
    await world.advance(5_500);
    await world.ack("t2");
    await world.advance(4_500);
    assert.equal(world.outcome("late"), undefined);
    await world.advance(500);
    assert.deepEqual([world.outcome("late"), world.stored.at(-1)], ["queued", "late"]);
    await world.ackAll();
    assert.deepEqual([world.stored, world.channel.sent.length], [[], 10]);
  });

  it("keeps no sender waiting in memory behind a broadcast [P-5.2]", async () => {
    await world.attach();
    for (const text of texts(13)) world.offer(text, { size: 40_000 });
    world.offer("t13", { size: 60_000 });
    world.broadcast("all");
    world.say("behind");
    await world.advance(6_000);
    await world.ack("t0");
    await world.advance(4_000);
    assert.equal(world.outcome("behind"), "queued");
    await world.ackAll();
    assert.deepEqual([world.stored, world.channel.texts], [[], [...texts(14), "behind", "all"]]);
  });

  it("does not stall for what was pushed after a long silence in which nothing was in flight", async () => {
    await world.attach();
    world.say("one");
    await world.ack("one");
    await world.advance(120_000);
    world.say("two");
    await world.advance(500);
    world.say("three");
    assert.deepEqual(world.channel.texts, ["one", "two", "three"]);
  });

  it("keeps nothing of a message in memory once it is settled, behind one that never is", async () => {
    await world.attach();
    world.say("first");
    for (let round = 0; round < 200; round += 1) {
      const some = texts(50, 50 * round);
      world.say(...some);
      await world.ack(...some);
    }
    assert.equal(world.queue.inFlightCount, 1);
    await world.advance(10_500);
    assert.equal(world.queue.inFlightCount, 0);
  });
});
