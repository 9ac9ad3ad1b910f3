import assert from "node:assert/strict";
import type { MemoryLink, MemoryWorld } from "../../memory-world.ts";
import { makePair, message, say } from "../../pair.ts";
import type { Pair } from "../../pair.ts";

describe("a mailbox that is handed out", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;
  let bobWith: Pair["bobWith"];
  let waiting: Pair["waiting"];

  beforeEach(async () => {
    ({ world, alice, bobWith, waiting } = await makePair());
  });

  it("keeps the order when a link goes while the mailbox is being handed out [P-5.6]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    say(alice, "bob", "one", "two");
    await world.settle();
    const again = await bobWith({ acks: true });
    say(alice, "bob", "three");
    again.drop();
    say(alice, "bob", "four");
    await world.settle();
    assert.deepEqual(waiting(), ["one", "two", "three", "four"]);
    assert.deepEqual((await bobWith({ acks: true })).texts, ["one", "two", "three", "four"]);
  });

  it("stores what was under way when the link goes, and hands it out first at the next login [P-5.2, P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "one", "two");
    await world.settle();
    bob.drop();
    say(alice, "bob", "three");
    await world.settle();
    for (const text of ["one", "two", "three"]) assert.equal(alice.answer(text)["delivery"], "queued");
    const again = await bobWith({ acks: true });
    say(alice, "bob", "four");
    await world.settle();
    assert.deepEqual(again.texts, ["one", "two", "three", "four"]);
    again.acknowledgeAll();
    await world.settle();
    assert.deepEqual(waiting(), []);
  });

  it("sends the answer of auth before the mailbox [P-4.1, P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    say(alice, "bob", "one");
    await world.settle();
    const again = await bobWith({ acks: true });
    assert.equal(again.lines[0]?.["id"], "auth");
    assert.equal(again.lines[1]?.["msg"], "one");
  });

  it("hands out a long mailbox a window at a time, and nothing newer before its end [P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    const texts = Array.from({ length: 200 }, (_, index) => `t${index}`);
    say(alice, "bob", ...texts);
    await world.settle();
    const again = await bobWith({ acks: true });
    assert.equal(again.texts.length, 64);
    say(alice, "bob", "newest");
    for (let round = 0; round < 12; round += 1) {
      again.acknowledgeAll();
      await world.settle();
    }
    assert.deepEqual(again.texts, [...texts, "newest"]);
    assert.deepEqual(waiting(), []);
  });

  it("bounds the window by size too, so that a mailbox never fills a link [P-8.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    for (let index = 0; index < 20; index += 1) alice.request(message("bob", "x".repeat(60_000), { id: index }));
    await world.settle();
    const again = await bobWith({ acks: true });
    assert.ok(again.texts.length <= 5, `${again.texts.length} letters of 60 kB at once`);
    for (let round = 0; round < 20; round += 1) {
      again.acknowledgeAll();
      await world.settle();
    }
    assert.equal(again.texts.length, 20);
  });

  it("does not lose the mailbox of a client without acks whose link did not take it [P-5.5]", async () => {
    const bob = await bobWith({});
    bob.drop();
    say(alice, "bob", "one");
    await world.settle();
    const again = world.connect();
    again.stuck = true;
    again.request({ type: "auth", username: "bob", password: "pw" });
    await world.settle();
    again.drop();
    const third = await bobWith({});
    assert.deepEqual(third.texts, ["one"]);
    await world.advance(10_500);
    assert.deepEqual(waiting(), []);
  });

  it("refuses with mailbox_full beyond 10,000 letters and lets the recipient empty it [P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    for (let index = 0; index < 10_000; index += 1) alice.request(message("bob", "x", { id: index }));
    await world.settle();
    say(alice, "bob", "one too many");
    await world.settle();
    const { code, result, reason } = alice.answer("one too many");
    assert.equal(code, "mailbox_full");
    assert.equal(result, reason);
  });

  it("tries a mailbox that cannot be read again after a while", async () => {
    const bob = await bobWith({ acks: true });
    const { token } = bob.answer("auth");
    bob.drop();
    say(alice, "bob", "one");
    await world.settle();
    world.disk.works = false;
    const again = world.connect();
    again.request({ type: "auth", token, acks: true, device: "laptop" });
    await world.settle();
    assert.deepEqual(again.texts, []);
    world.disk.works = true;
    await world.advance(11_000);
    assert.deepEqual(again.texts, ["one"]);
  });

  it("brings a broadcast behind the mailbox, in its place [P-5.6]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    say(alice, "bob", ...Array.from({ length: 100 }, (_, index) => `t${index}`));
    await world.settle();
    const again = await bobWith({ acks: true });
    alice.request({ type: "broadcast", msg: "all", id: "b" });
    await world.settle();
    assert.deepEqual(alice.answer("b"), {});
    for (let round = 0; round < 8; round += 1) {
      again.acknowledgeAll();
      await world.settle();
    }
    assert.equal(again.texts.at(-1), "all");
    assert.equal(again.texts.length, 101);
    assert.equal(alice.answer("b")["delivered"], 1);
  });
});
