// A client that can never take some letters, whatever it does, and takes all others: these arrive, in order, however many of
// the others there are and wherever they stand.

import assert from "node:assert/strict";
import fc from "fast-check";
import { QueueWorld } from "../../queue-world.ts";

interface Sent {
  readonly bad: boolean;
  /** It was sent while bob was away. */
  readonly before: boolean;
  readonly waitMs: number;
}

const sent: fc.Arbitrary<Sent> = fc.record({
  bad: fc.boolean(),
  before: fc.boolean(),
  waitMs: fc.constantFrom(0, 0, 0, 500, 11_000),
});

async function answerAll(world: QueueWorld, isBad: (text: string) => boolean): Promise<void> {
  while (world.channel.unanswered.length > 0) {
    for (const text of world.channel.unanswered) {
      if (isBad(text)) await world.refuse(text);
      else await world.ack(text);
    }
  }
}

describe("letters that a client can never take", () => {
  it("hold up no other for ever, nor change the order of the others [P-5.2, P-5.6]", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 120, size: "max" }), async (letters) => {
        const world = new QueueWorld();
        const texts = letters.map(({ bad }, index) => `${bad ? "bad" : "good"}${index}`);
        const isBad = (text: string) => text.startsWith("bad");
        for (const [index, text] of texts.entries()) if (letters[index]?.before === true) world.say(text);
        await world.settle();
        await world.attach();
        for (const [index, text] of texts.entries()) {
          if (letters[index]?.before === true) continue;
          world.say(text);
          await world.advance(letters[index]?.waitMs ?? 0);
          await answerAll(world, isBad);
        }
        await answerAll(world, isBad);
        await world.settle();
        const good = texts.filter((text) => !isBad(text));
        const arrived = () => world.channel.texts.filter((text) => !isBad(text));
        for (let round = 0; round < 130 && arrived().length < good.length; round += 1) {
          await world.advance(10_500);
          await answerAll(world, isBad);
        }
        assert.deepEqual(new Set(arrived()), new Set(good));
        assert.equal(arrived().length, good.length, "each once");
        const inOrder = (before: boolean) => good.filter((text) => letters[texts.indexOf(text)]?.before === before);
        for (const before of [true, false]) {
          const expected = inOrder(before);
          const happened = arrived().filter((text) => expected.includes(text));
          assert.deepEqual(happened, expected);
        }
        assert.deepEqual(new Set(world.stored), new Set(texts.filter(isBad)));
      }),
      { numRuns: 200 },
    );
  }).timeout(60_000);

  it("hold up no letter that stepped aside while the client could take nothing [P-5.6]", async () => {
    const world = new QueueWorld();
    world.say("good", "other", "bad");
    await world.settle();
    await world.attach();
    await world.refuse("good");
    await world.ack("other");
    await world.refuse("bad");
    for (let round = 0; round < 6; round += 1) {
      await world.advance(10_500);
      await answerAll(world, (text) => text === "bad");
    }
    assert.deepEqual(world.stored, ["bad"]);
  });

  it("hold it up neither when several of them are in the way [P-5.6]", async () => {
    const world = new QueueWorld();
    world.say("good", "other", "bad1", "bad2");
    await world.settle();
    await world.attach();
    await world.refuse("good");
    await world.ack("other");
    await world.refuse("bad1");
    await world.refuse("bad2");
    for (let round = 0; round < 8; round += 1) {
      await world.advance(10_500);
      await answerAll(world, (text) => text.startsWith("bad"));
    }
    assert.deepEqual(world.stored, ["bad1", "bad2"]);
  });

  it("step aside when the client takes one that had stepped aside before them [P-5.6]", async () => {
    const world = new QueueWorld();
    world.say("good", "other", "bad");
    await world.settle();
    await world.attach();
    await world.refuse("good");
    await world.ack("other");
    await world.refuse("bad");
    await world.advance(10_500);
    await answerAll(world, (text) => text === "bad");
    await world.advance(10_500);
    await answerAll(world, (text) => text === "bad");
    assert.deepEqual(world.stored, ["bad"]);
    const tried = (): number => world.channel.texts.filter((text) => text === "bad").length;
    const before = tried();
    await world.advance(9_000);
    assert.equal(tried(), before, "it waits longer each time");
  });
});
