import assert from "node:assert/strict";
import type { MemoryLink, MemoryWorld } from "../../memory-world.ts";
import { makePair, message } from "../../pair.ts";
import type { Pair } from "../../pair.ts";

describe("a message that is sent again", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;
  let bobWith: Pair["bobWith"];

  beforeEach(async () => {
    ({ world, alice, bobWith } = await makePair());
  });

  it("counts a second message of the same mid as the first, under way and after it [P-5.4]", async () => {
    const bob = await bobWith({ acks: true });
    alice.request(message("bob", "once", { id: 1, mid: "m" }));
    alice.request(message("bob", "once", { id: 2, mid: "m" }));
    await world.settle();
    assert.deepEqual(bob.texts, ["once"]);
    bob.acknowledgeAll();
    await world.settle();
    alice.request(message("bob", "once", { id: 3, mid: "m" }));
    await world.settle();
    for (const id of [1, 2, 3]) assert.equal(alice.answer(id)["delivery"], "delivered");
    assert.deepEqual(bob.texts, ["once"]);
  });

  it("answers a second message of the same mid as the first behind a block too, under way and after it [P-5.4]", async () => {
    const bob = await bobWith({ acks: true });
    alice.request(message("bob", "before", { id: 1, mid: "m" }));
    bob.request({ type: "block", id: "b", target: "alice" });
    await world.settle();
    alice.request(message("bob", "before", { id: 2, mid: "m" }));
    bob.acknowledgeAll();
    await world.settle();
    alice.request(message("bob", "before", { id: 3, mid: "m" }));
    alice.request(message("bob", "after", { id: 4, mid: "n" }));
    await world.settle();
    for (const id of [1, 2, 3]) assert.equal(alice.answer(id)["delivery"], "delivered");
    assert.equal(alice.answer(4)["code"], "blocked");
    assert.deepEqual(bob.texts, ["before"]);
  });

  it("answers a second message of the same mid as queued behind a block, after a restart too [P-5.4]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    alice.request(message("bob", "once", { id: 1, mid: "m" }));
    await world.settle();
    world.restart();
    const again = await bobWith({ acks: true });
    assert.deepEqual(again.texts, ["once"]);
    again.request({ type: "block", target: "alice" });
    await world.settle();
    const back = world.connect();
    back.request({ type: "auth", token: alice.token });
    back.request(message("bob", "once", { id: 2, mid: "m" }));
    back.request(message("bob", "new", { id: 3, mid: "n" }));
    await world.settle();
    assert.deepEqual([back.answer(2)["delivery"], back.answer(3)["code"]], ["queued", "blocked"]);
    world.disk.works = false;
    back.request(message("bob", "new", { id: 4, mid: "n" }));
    await world.settle();
    assert.equal(back.answer(4)["code"], "unavailable");
  });

  it("takes a refused message again under the same mid [P-5.4]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    world.disk.works = false;
    alice.request(message("bob", "once", { id: 1, mid: "m" }));
    await world.settle();
    world.disk.works = true;
    alice.request(message("bob", "once", { id: 2, mid: "m" }));
    await world.settle();
    assert.equal(alice.answer(1)["code"], "unavailable");
    assert.equal(alice.answer(2)["delivery"], "queued");
  });

  it("is remembered for ten minutes at least, and forgotten after twice as long without another one [P-5.4]", async () => {
    const bob = await bobWith({ acks: true });
    alice.request(message("bob", "once", { id: 1, mid: "m" }));
    await world.settle();
    bob.acknowledgeAll();
    const wait = async (minutes: number) => {
      for (let half = 0; half < 2 * minutes; half += 1) {
        await world.advance(30_000);
        for (const link of [alice, bob]) link.request({ type: "alive" });
      }
    };
    await wait(9);
    alice.request(message("bob", "once", { id: 2, mid: "m" }));
    await world.settle();
    assert.deepEqual([alice.answer(2)["delivery"], bob.texts.length], ["delivered", 1]);
    await wait(30);
    alice.request(message("bob", "once", { id: 3, mid: "m" }));
    await world.settle();
    assert.equal(bob.texts.length, 2, "for the recipient to tell, who remembers for ever");
  });

  it("is not pushed again to a client that signs in again on its link, whose acknowledgements count [P-5.2, P-4.1]", async () => {
    const bob = await bobWith({ acks: true, presence: true });
    for (const text of ["one", "two"]) alice.request(message("bob", text));
    await world.settle();
    bob.request({ type: "auth", token: bob.token, acks: true, device: "laptop", port: 4_242, id: "again" });
    await world.settle();
    assert.deepEqual([bob.answer("again")["result"], bob.texts], ["ok", ["one", "two"]]);
    bob.acknowledgeAll();
    alice.request(message("bob", "three"));
    await world.settle();
    assert.deepEqual(
      ["one", "two"].map((text) => alice.answer(text)["delivery"]),
      ["delivered", "delivered"],
    );
    assert.deepEqual(bob.texts, ["one", "two", "three"]);
  });

  it("is stored when a client signs in again on its link and acknowledges no more [P-5.5]", async () => {
    const bob = await bobWith({ acks: true });
    alice.request(message("bob", "one"));
    await world.settle();
    bob.request({ type: "auth", token: bob.token, device: "laptop", id: "again" });
    await world.settle();
    assert.deepEqual([alice.answer("one")["delivery"], bob.texts], ["queued", ["one", "one"]]);
    await world.advance(10_500);
    assert.deepEqual(world.mailbox.texts(2), []);
  });

  it("gives a message without mid one, and passes the sender's time on [P-5.4, P-4.2]", async () => {
    const bob = await bobWith({});
    alice.request(message("bob", "one", { ts: 5 }));
    alice.request(message("bob", "two"));
    await world.settle();
    const [one, two] = bob.ofType("message");
    assert.equal(one?.["ts"], 5);
    assert.equal(two?.["ts"], world.nowMs);
    assert.notEqual(one["mid"], two["mid"]);
  });
});
