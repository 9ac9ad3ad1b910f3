import assert from "node:assert/strict";
import { QueueWorld } from "../../queue-world.ts";
import type { MemoryChannel } from "../../queue-world.ts";

const texts = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `t${from + index}`);

describe("a recipient without acks", () => {
  let world: QueueWorld;

  beforeEach(() => {
    world = new QueueWorld();
  });

  const arrive = (): Promise<MemoryChannel> => world.attach({ acks: false });
  /** What a new link is given. */
  async function next(): Promise<string[]> {
    await world.detach();
    await arrive();
    return world.channel.texts;
  }

  it("has a message when the link took its bytes, and not before [P-5.5]", async () => {
    const channel = await arrive();
    world.say("one", "two");
    channel.take(1);
    assert.deepEqual(
      ["one", "two"].map((text) => world.outcome(text)),
      ["delivered", undefined],
    );
    channel.take();
    assert.equal(world.outcome("two"), "delivered");
    assert.deepEqual(world.stored, []);
  });

  it("is given back what the link did not take [P-5.5]", async () => {
    const channel = await arrive();
    await world.advance(20_000);
    world.say("one", "two");
    channel.take(1);
    assert.deepEqual(await next(), ["two"]);
    assert.deepEqual(
      ["one", "two"].map((text) => world.outcome(text)),
      ["delivered", "queued"],
    );
  });

  describe("that is handed its mailbox", () => {
    beforeEach(async () => {
      world.say("one", "two");
      await world.settle();
      const channel = await arrive();
      channel.take();
    });

    it("has it 10 s after its link took it, if that is open still [P-5.5]", async () => {
      await world.advance(9_500);
      assert.deepEqual(world.stored, ["one", "two"]);
      await world.advance(500);
      assert.deepEqual(world.stored, []);
      assert.deepEqual(await next(), []);
    });

    it("is given it again if its link closes sooner: it may have read nothing [P-5.5]", async () => {
      await world.advance(9_500);
      assert.deepEqual(await next(), ["one", "two"]);
    });

    it("has what it answered, and everything before that [P-5.5]", async () => {
      world.answer(world.idOf("one"), { result: "ok" });
      await world.settle();
      assert.deepEqual(world.stored, ["two"]);
      world.answer(world.idOf("two"), { result: "what a nice message" });
      await world.settle();
      assert.deepEqual(world.stored, []);
    });

    it("has as many as it answered, if it answers in order without ids [P-5.5, P-2.2]", async () => {
      world.queue.answeredInOrder(1);
      await world.settle();
      assert.deepEqual(world.stored, ["two"]);
      world.queue.answeredInOrder(2);
      await world.settle();
      assert.deepEqual(world.stored, []);
    });

    it("is not given it twice on one link, whatever comes behind it [P-5.5]", async () => {
      world.say("three");
      world.channel.take();
      await world.advance(30_000);
      assert.deepEqual(world.channel.texts, ["one", "two", "three"]);
      assert.deepEqual(world.stored, []);
    });
  });

  describe("on a young link", () => {
    it("is given a message again that it never answered, if the link closes within 10 s [P-5.5]", async () => {
      const channel = await arrive();
      await world.advance(5_000);
      world.say("one");
      channel.take();
      assert.equal(world.outcome("one"), "delivered");
      await world.advance(4_500);
      assert.deepEqual(await next(), ["one"]);
    });

    it("has it after 10 s [P-5.5]", async () => {
      const channel = await arrive();
      world.say("one");
      channel.take();
      await world.advance(10_000);
      assert.deepEqual(await next(), []);
    });

    it("has it if it answered any push, by id or in order: it reads [P-5.5]", async () => {
      for (const answer of [
        () => world.answer(world.idOf("first"), { result: "ok" }),
        () => world.queue.answeredInOrder(1),
      ]) {
        const channel = await arrive();
        world.say("first");
        channel.take();
        answer();
        world.say("one");
        channel.take();
        assert.deepEqual(await next(), []);
        world.heard.clear();
      }
    });

    it("has what its link took later than that [P-5.5]", async () => {
      const channel = await arrive();
      await world.advance(10_000);
      world.say("one");
      channel.take();
      assert.deepEqual(await next(), []);
    });

    it("is given all in order, also what found no room, if the link closes [P-5.6]", async () => {
      const channel = await arrive();
      world.say("first");
      channel.take();
      const all = texts(30);
      for (const text of all) world.offer(text, { size: 60_000 });
      await world.settle();
      channel.take(3);
      await world.settle();
      assert.deepEqual((await next()).slice(0, 5), ["first", ...texts(4)]);
      while (world.channel.taken < world.channel.sent.length) {
        world.channel.take();
        await world.settle();
      }
      assert.deepEqual(world.channel.texts, ["first", ...all]);
      await world.advance(10_500);
      assert.deepEqual(world.stored, []);
    });

    it("is not given twice what was stored because there was no room [P-5.5]", async () => {
      const channel = await arrive();
      const all = texts(30);
      for (const text of all) world.offer(text, { size: 60_000 });
      while (channel.taken < channel.sent.length) {
        channel.take();
        await world.settle();
      }
      assert.deepEqual(channel.texts, all);
      await world.advance(10_500);
      assert.deepEqual([world.stored, await next()], [[], []]);
    });

    describe("that closes while the disk fails", () => {
      beforeEach(async () => {
        const channel = await arrive();
        world.say("one", "two");
        channel.take();
        world.disk.works = false;
        await world.detach();
        assert.deepEqual(world.stored, []);
      });

      it("loses nothing: what its senders believe delivered is stored once that works again [P-5.5]", async () => {
        await world.advance(30_000);
        assert.equal(world.queue.idle, false);
        world.disk.works = true;
        await world.advance(10_000);
        assert.deepEqual(world.stored, ["one", "two"]);
        assert.deepEqual(await next(), ["one", "two"]);
      });

      it("is given what comes later behind that [P-5.6]", async () => {
        await arrive();
        world.say("three");
        await world.settle();
        assert.deepEqual([world.outcome("three"), world.channel.texts], ["unavailable", []]);
        world.disk.works = true;
        world.say("four");
        await world.advance(10_000);
        assert.deepEqual(world.channel.texts, ["one", "two", "four"]);
      });
    });

    it("is given back what could not be stored before the link closed either [P-5.5]", async () => {
      const channel = await arrive();
      const all = texts(300);
      world.disk.works = false;
      for (const text of all) world.say(text);
      channel.take();
      await world.settle();
      world.disk.works = true;
      assert.deepEqual(await next(), all.slice(0, 64));
      assert.deepEqual(world.stored, all);
    });

    it("gives the latest 1,024 back, and keeps no more of them in memory [P-5.5]", async () => {
      const channel = await arrive();
      const all = texts(1_500);
      for (const text of all) {
        world.say(text);
        channel.take();
        await world.settle();
      }
      assert.deepEqual(world.stored, [], "nothing goes to the disk while the link stands");
      assert.ok(all.every((text) => world.outcome(text) !== undefined));
      await world.detach();
      assert.deepEqual(world.stored, all.slice(-1_024));
    });

    it("gives back no more than 256 KiB of long ones [P-5.5]", async () => {
      const channel = await arrive();
      const all = texts(10).map((text) => text.padEnd(50_000, "x"));
      for (const text of all) {
        world.say(text);
        channel.take();
        await world.settle();
      }
      await world.detach();
      assert.deepEqual(world.stored, all.slice(-5));
    });
  });

  it("is given up if its link takes nothing for 10 s, and not before [P-5.2]", async () => {
    const channel = await arrive();
    world.say("one", "two");
    await world.advance(9_500);
    channel.take(1);
    await world.advance(9_500);
    assert.equal(channel.abandoned, false);
    await world.advance(1_000);
    assert.equal(channel.abandoned, true);
  });

  it("keeps no sender waiting for more than 20 s, though its link takes a little now and then [P-5.2]", async () => {
    const channel = await arrive();
    const all = texts(8);
    for (const text of all) world.offer(text, { size: 60_000 });
    for (let passed = 0; passed < 20_000; passed += 5_000) {
      channel.take(1);
      await world.advance(5_000);
    }
    assert.deepEqual(all.map((text) => world.outcome(text)).slice(3, 5), ["delivered", "queued"]);
    channel.take();
    await world.settle();
    await world.advance(10_500);
    assert.deepEqual([channel.texts, world.stored], [all, []]);
  });

  it("at its port has what was taken there; what was not is brought again after 10 s [P-6, P-5.2]", async () => {
    const channel = await world.attach({ acks: false, final: false });
    world.say("one", "two");
    channel.take(1);
    world.queue.failed();
    await world.settle();
    assert.deepEqual(
      ["one", "two"].map((text) => world.outcome(text)),
      ["delivered", "queued"],
    );
    assert.deepEqual(world.stored, ["two"]);
    await world.advance(9_500);
    assert.equal(channel.sent.length, 2);
    await world.advance(500);
    channel.take();
    await world.settle();
    assert.deepEqual([channel.texts, world.stored], [["one", "two", "two"], []]);
  });

  it("at a port that is silent for 10 s is given up in the same way [P-5.2]", async () => {
    await world.attach({ acks: false, final: false });
    world.say("one");
    await world.advance(10_500);
    assert.deepEqual([world.outcome("one"), world.stored], ["queued", ["one"]]);
  });
});
