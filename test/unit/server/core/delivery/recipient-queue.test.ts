import assert from "node:assert/strict";
import type { MemoryLink, MemoryWorld } from "../../memory-world.ts";
import { makePair, say } from "../../pair.ts";
import type { Pair } from "../../pair.ts";

const ownWords = "That user's program did not take this message.";

describe("delivery to one recipient", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;
  let bobWith: Pair["bobWith"];
  let waiting: Pair["waiting"];

  beforeEach(async () => {
    ({ world, alice, bobWith, waiting } = await makePair());
  });

  it("answers delivered only after a recipient with acks has answered [P-5.1]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "one");
    await world.settle();
    assert.deepEqual(bob.texts, ["one"]);
    assert.deepEqual(alice.answer("one"), {});
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(alice.answer("one"), { id: "one", result: "ok", delivery: "delivered" });
  });

  it("counts a message as delivered when the link of a recipient without acks took the bytes [P-5.5]", async () => {
    const bob = await bobWith({});
    bob.stuck = true;
    say(alice, "bob", "one");
    await world.settle();
    assert.deepEqual(alice.answer("one"), {});
    bob.stuck = false;
    await world.settle();
    assert.equal(alice.answer("one")["delivery"], "delivered");
  });

  it("queues for someone who is offline, after the commit and not before [P-5.2]", async () => {
    const carol = await world.join("carol");
    carol.request({ type: "logout" });
    await world.settle();
    say(alice, "carol", "one");
    assert.deepEqual(alice.answer("one"), {});
    await world.settle();
    assert.equal(alice.answer("one")["delivery"], "queued");
    assert.deepEqual(world.mailbox.texts(3), ["one"]);
  });

  it("stores what was not acknowledged within 10 s, and everything behind it, in order [P-5.2, P-5.6]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "one", "two");
    await world.advance(9_000);
    assert.deepEqual(alice.answer("one"), {});
    await world.advance(1_500);
    assert.equal(alice.answer("one")["delivery"], "queued");
    assert.equal(alice.answer("two")["delivery"], "queued");
    say(alice, "bob", "three");
    await world.settle();
    assert.equal(alice.answer("three")["delivery"], "queued");
    assert.deepEqual(
      [bob.texts, waiting()],
      [
        ["one", "two"],
        ["one", "two", "three"],
      ],
    );
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual([bob.texts, waiting()], [["one", "two", "three"], ["three"]]);
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(waiting(), []);
  });

  it("gives up a link that takes nothing for 10 s [P-5.2]", async () => {
    const bob = await bobWith({});
    bob.stuck = true;
    say(alice, "bob", "one");
    await world.advance(11_000);
    assert.equal(alice.answer("one")["delivery"], "queued");
    assert.equal(bob.closed, true);
  });

  it("answers unavailable while the disk fails, loses nothing, and goes on by itself [P-5.2]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "one");
    await world.settle();
    world.disk.works = false;
    bob.drop();
    await world.settle();
    assert.equal(alice.answer("one")["code"], "unavailable");
    world.disk.works = true;
    alice.lines.length = 0;
    say(alice, "bob", "one");
    await world.settle();
    assert.equal(alice.answer("one")["delivery"], "queued");
  });

  it("tells the sender what the recipient refused for good, and stores what it may take later [P-2.4]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "never", "later");
    await world.settle();
    const [never, later] = bob.ofType("message");
    bob.request({ id: never?.["id"], result: "no", code: "bad_request", reason: "no" });
    bob.request({ id: later?.["id"], result: "no", code: "unavailable", reason: "disk full" });
    await world.settle();
    const { code, result, reason } = alice.answer("never");
    assert.deepEqual({ code, result, reason }, { code: "refused", ...{ result: ownWords, reason: ownWords } });
    assert.equal(alice.answer("later")["delivery"], "queued");
    await world.advance(11_000);
    assert.deepEqual(bob.texts, ["never", "later", "later"]);
  });
});
