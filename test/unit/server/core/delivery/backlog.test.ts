import assert from "node:assert/strict";
import { QueueWorld } from "../../queue-world.ts";
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

  it("refuses with mailbox_full where it is full, or the sender's share of it is, and says which [P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    const append = world.mailbox.append.bind(world.mailbox);
    const reasons = new Set<unknown>();
    for (const kind of ["full", "share_full"] as const) {
      world.mailbox.append = (_account, _letter, done) => queueMicrotask(() => done({ kind }));
      say(alice, "bob", kind);
      await world.settle();
      const { code, result, reason } = alice.answer(kind);
      assert.deepEqual([code, result], ["mailbox_full", reason]);
      reasons.add(reason);
    }
    assert.equal(reasons.size, 2);
    world.mailbox.append = append;
    say(alice, "bob", "later");
    await world.settle();
    assert.equal(alice.answer("later")["delivery"], "queued");
  });

  it("takes no more than a share from one sender, and more when the recipient has emptied it [P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    const carol = await world.join("carol");
    bob.drop();
    for (let index = 0; index < 2_500; index += 1) alice.request(message("bob", "x", { id: index }));
    await world.settle();
    say(alice, "bob", "one too many");
    say(carol, "bob", "from carol");
    await world.settle();
    assert.equal(alice.answer("one too many")["code"], "mailbox_full");
    assert.equal(carol.answer("from carol")["delivery"], "queued");
    const again = await bobWith({ acks: true });
    for (let seen = 0; seen < again.lines.length;) {
      const lines = again.lines.slice(seen);
      seen = again.lines.length;
      for (const { id } of lines) if (typeof id === "number") again.request({ id, result: "ok" });
      await world.settle();
    }
    assert.deepEqual([again.texts.length, waiting()], [2_501, []]);
    again.drop();
    say(alice, "bob", "one more");
    await world.settle();
    assert.equal(alice.answer("one more")["delivery"], "queued");
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

  it("is no way that later messages have to take once it was handed out, however slow the disk is [P-5.1]", async () => {
    const queue = new QueueWorld();
    queue.say("one");
    await queue.settle();
    queue.mailbox.stuck = true;
    await queue.attach();
    queue.mailbox.stuck = false;
    // It is read, and then that is told.
    queue.mailbox.commit();
    queue.mailbox.commit();
    queue.mailbox.stuck = true;
    queue.say("two");
    await queue.ack("one", "two");
    assert.deepEqual([queue.channel.texts, queue.outcome("two")], [["one", "two"], "delivered"]);
  });

  it("lets later messages wait for what is on its way into it, and no longer [P-5.1, P-5.6]", async () => {
    const queue = new QueueWorld();
    queue.say("one");
    await queue.settle();
    queue.mailbox.stuck = true;
    await queue.attach();
    queue.say("two");
    queue.mailbox.stuck = false;
    // Both are done, and then both are told.
    queue.mailbox.commit();
    queue.mailbox.commit();
    queue.say("three");
    await queue.settle();
    await queue.ackAll();
    assert.deepEqual(queue.channel.texts, ["one", "two", "three"]);
    assert.deepEqual(
      ["two", "three"].map((text) => queue.outcome(text)),
      ["queued", "delivered"],
    );
  });
});
