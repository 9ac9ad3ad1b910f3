import assert from "node:assert/strict";
import { QueueWorld } from "../../queue-world.ts";

const texts = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `t${from + index}`);

describe("a recipient whose client refuses", () => {
  let world: QueueWorld;

  beforeEach(() => {
    world = new QueueWorld();
  });

  const pushesOf = (text: string) => world.channel.texts.filter((each) => each === text).length;

  describe("for good", () => {
    it("tells the sender so in the server's words alone, and stores nothing [P-2.4]", async () => {
      await world.attach();
      world.say("never", "next");
      for (const code of ["bad_request", "not_authenticated", "denied"]) {
        world.say(code);
        await world.refuse(code, code);
        assert.equal(world.outcome(code), "refused");
      }
      await world.refuse("never", "too_large");
      await world.ack("next");
      assert.deepEqual(
        ["never", "next"].map((text) => world.outcome(text)),
        ["refused", "delivered"],
      );
      assert.deepEqual(world.stored, []);
    });

    it("leaves a letter in the mailbox for another device, and holds up nothing behind it [P-5.3]", async () => {
      world.say("one", "two");
      await world.settle();
      await world.attach();
      await world.refuse("one", "bad_request");
      await world.ack("two");
      world.say("three");
      await world.ack("three");
      await world.advance(30 * 60_000);
      assert.deepEqual([world.channel.texts, world.stored], [["one", "two", "three"], ["one"]]);
      await world.attach();
      await world.ackAll();
      assert.deepEqual([world.channel.texts, world.stored], [["one"], []]);
    });

    it("after its sender heard queued: it stays in the mailbox, and nobody is told that it was delivered [P-5.7]", async () => {
      await world.attach();
      world.offer("one", { reported: true });
      await world.advance(10_500);
      await world.refuse("one", "bad_request");
      assert.deepEqual([world.outcome("one"), world.stored], ["queued", ["one"]]);
    });

    it("while the letter is on its way to the disk: as if it had been there already [P-5.7]", async () => {
      await world.attach();
      world.offer("one", { reported: true });
      world.mailbox.stuck = true;
      await world.advance(10_500);
      await world.refuse("one", "bad_request");
      world.mailbox.stuck = false;
      await world.settle();
      await world.advance(60_000);
      assert.deepEqual([world.outcome("one"), world.stored, pushesOf("one")], ["queued", ["one"], 1]);
    });
  });

  for (const code of [undefined, "internal", "busy", "unavailable", "nonsense"]) {
    it(`for now (${code ?? "without a code"}) makes it queued, and is tried again after 10 s [P-5.2]`, async () => {
      await world.attach();
      world.say("one");
      await world.refuse("one", code);
      assert.deepEqual([world.outcome("one"), world.stored], ["queued", ["one"]]);
      await world.advance(9_500);
      assert.equal(pushesOf("one"), 1);
      await world.advance(500);
      assert.equal(pushesOf("one"), 2);
      await world.ack("one");
      assert.deepEqual(world.stored, []);
    });
  }

  it("for now is given everything in order once it takes something again: its disk was full [P-5.6]", async () => {
    await world.attach();
    world.say("one", "two", "three");
    for (const text of ["one", "two", "three"]) await world.refuse(text);
    world.say("four");
    await world.advance(8_000);
    assert.equal(world.channel.sent.length, 3);
    for (let round = 0; round < 5; round += 1) {
      await world.advance(10_000);
      while (world.channel.unanswered.length > 0) await world.refuse(world.channel.unanswered[0] ?? "");
    }
    const before = world.channel.sent.length;
    await world.advance(10_000);
    await world.ackAll();
    await world.advance(10_000);
    await world.ackAll();
    assert.deepEqual(world.channel.texts.slice(before), ["one", "two", "three", "four"]);
    assert.deepEqual(world.stored, []);
  });

  it("one letter only is given the rest, and that one less and less often [P-5.2]", async () => {
    world.say(...texts(20));
    await world.settle();
    await world.attach();
    await world.refuse("t3");
    await world.ack(...texts(20).filter((text) => text !== "t3"));
    world.say("next");
    await world.ack("next");
    assert.deepEqual([world.outcome("next"), world.stored, pushesOf("t3")], ["delivered", ["t3"], 1]);
    const tries: number[] = [];
    const startMs = world.nowMs;
    for (let seen = 1; world.nowMs - startMs < 60 * 60_000;) {
      await world.advance(500);
      if (pushesOf("t3") === seen) continue;
      seen += 1;
      tries.push((world.nowMs - startMs) / 1_000);
      await world.refuse("t3");
    }
    assert.deepEqual(tries.slice(0, 7), [10, 30, 70, 150, 310, 630, 1_230]);
    assert.ok(tries.slice(6).every((at, index, all) => index === 0 || at - (all[index - 1] ?? 0) === 600));
    assert.equal(world.channel.sent.length, 21 + tries.length, "nothing else was pushed again");
    assert.deepEqual(world.stored, ["t3"]);
  });

  it("one letter only, which it takes in the end, has that one too [P-5.2]", async () => {
    world.say("bad", "good");
    await world.settle();
    await world.attach();
    await world.refuse("bad");
    await world.ack("good");
    await world.advance(10_000);
    await world.ack("bad");
    await world.advance(30 * 60_000);
    assert.deepEqual([world.stored, world.channel.texts], [[], ["bad", "good", "bad"]]);
  });

  it("one letter only that was alone: it steps aside when another one comes and is taken [P-5.2]", async () => {
    await world.attach();
    world.say("bad");
    await world.refuse("bad");
    await world.advance(10_500);
    await world.refuse("bad");
    world.say("good");
    await world.advance(10_500);
    assert.equal(world.channel.texts.at(-1), "bad");
    await world.refuse("bad");
    assert.equal(world.channel.texts.at(-1), "good");
    await world.ack("good");
    world.say("better");
    await world.ack("better");
    assert.deepEqual([world.outcome("good"), world.outcome("better"), world.stored], ["queued", "delivered", ["bad"]]);
  });

  it("several letters, with which everything began, holds up nothing for ever [P-5.2]", async () => {
    await world.attach();
    world.say(...texts(5));
    for (const text of texts(5)) await world.refuse(text);
    world.say("good", "better");
    await world.advance(10_500);
    await world.refuse("t0");
    await world.ack("good");
    await world.ack("better");
    assert.deepEqual(world.stored, texts(5));
    world.say("best");
    await world.ack("best");
    assert.equal(world.outcome("best"), "delivered");
  });

  it("some letters again and again is handed out the rest meanwhile [P-5.2, P-5.3]", async () => {
    world.say(...texts(400));
    await world.settle();
    await world.attach();
    const bad = texts(20);
    for (const text of bad) await world.refuse(text);
    await world.ack("t20");
    for (let round = 0; round < 8; round += 1) {
      for (const text of world.channel.unanswered) {
        if (bad.includes(text)) await world.refuse(text);
        else await world.ack(text);
      }
      await world.advance(3_000);
    }
    assert.deepEqual(world.stored, bad);
  });

  it("several letters, of which it can take one by now: the others step aside [P-5.2]", async () => {
    world.say("bad", "good");
    await world.settle();
    await world.attach();
    await world.refuse("bad");
    await world.refuse("good");
    await world.advance(10_500);
    await world.refuse("bad");
    assert.equal(world.channel.texts.at(-1), "good");
    await world.ack("good");
    assert.deepEqual(world.stored, ["bad"]);
    world.say("next");
    await world.advance(10_500);
    await world.refuse("bad");
    await world.ack("next");
    assert.deepEqual(world.stored, ["bad"]);
  });

  it("is asked again at most twice in 10 s, and never all at once, while it takes nothing [P-5.2]", async () => {
    world.say(...texts(200));
    await world.settle();
    await world.attach();
    assert.equal(world.channel.sent.length, 64);
    for (const text of texts(64)) await world.refuse(text);
    const { length } = world.channel.sent;
    for (let round = 1; round <= 20; round += 1) {
      await world.advance(10_000);
      while (world.channel.unanswered.length > 0) await world.refuse(world.channel.unanswered[0] ?? "");
      assert.ok(world.channel.sent.length <= length + 2 * round, `${world.channel.sent.length}`);
    }
    assert.equal(world.stored.length, 200);
  });

  it("and leaves: another device is given everything in order [P-5.3]", async () => {
    await world.attach();
    world.say("bad", "good");
    await world.refuse("bad");
    await world.ack("good");
    world.say("next");
    await world.attach();
    await world.ackAll();
    assert.deepEqual([world.channel.texts, world.stored], [["bad", "next"], []]);
  });

  it("is not asked again for a letter that is not in the mailbox any more", async () => {
    world.say("bad", "good");
    await world.settle();
    await world.attach();
    await world.refuse("bad");
    await world.ack("good");
    world.mailbox.expireAll();
    await world.advance(30 * 60_000);
    assert.deepEqual(world.channel.texts, ["bad", "good"]);
  });

  it("is asked again later if the mailbox cannot be read when that is due", async () => {
    world.say("bad", "good");
    await world.settle();
    await world.attach();
    await world.refuse("bad");
    await world.ack("good");
    world.disk.works = false;
    await world.advance(15_000);
    assert.equal(pushesOf("bad"), 1);
    world.disk.works = true;
    await world.advance(10_000);
    assert.equal(pushesOf("bad"), 2);
    await world.advance(30 * 60_000);
    assert.equal(pushesOf("bad"), 2, "it was not answered, and is not pushed twice");
  });

  it("a broadcast, which is stored nowhere, delays nothing [P-4.3]", async () => {
    await world.attach();
    world.broadcast("all");
    await world.refuse("all");
    world.say("one");
    await world.ack("one");
    assert.deepEqual([world.outcome("all"), world.outcome("one")], ["delivered to 0", "delivered"]);
  });

  it("what its sender was told had failed: nothing comes of it", async () => {
    await world.attach();
    world.say("one");
    world.disk.works = false;
    await world.advance(10_500);
    assert.equal(world.outcome("one"), "unavailable");
    world.disk.works = true;
    await world.refuse("one");
    world.say("two");
    await world.ack("two");
    assert.deepEqual([world.stored, world.outcome("two")], [[], "delivered"]);
  });

  it("is logged with its code, and with no word of its own", async () => {
    await world.attach();
    world.say("one");
    await world.refuse("one", "busy");
    const [refused] = world.logged.filter(({ event }) => event === "push_refused");
    assert.deepEqual(refused?.fields, { user: "bob", code: "busy", refusals: 1 });
  });
});
