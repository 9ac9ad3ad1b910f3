import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

describe("what became of queued messages", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice", { outcomes: true });
    const bob = await world.join("bob", { acks: true });
    bob.drop();
    await world.settle();
  });

  const told = (link = alice) => link.ofType("outcome").map(({ mid, state }) => `${String(mid)} ${String(state)}`);
  async function send(link: MemoryLink, ...mids: string[]): Promise<void> {
    for (const mid of mids) link.request({ type: "message", to: "bob", msg: mid, mid });
    await world.settle();
  }
  async function bobTakesAll(): Promise<MemoryLink> {
    const bob = await world.signIn("bob", { acks: true });
    for (let round = 0; round < 5; round += 1) {
      bob.acknowledgeAll();
      await world.settle();
    }
    return bob;
  }
  async function answer(link = alice): Promise<void> {
    for (const { id } of link.ofType("outcome")) link.request({ id, result: "ok" });
    await world.settle();
  }

  it("reaches a sender who asked for it, by the id the sender gave it [P-5.7, P-6.10]", async () => {
    await send(alice, "m1", "m2");
    assert.deepEqual(told(), []);
    await bobTakesAll();
    assert.deepEqual(told(), ["m1 delivered", "m2 delivered"]);
    const { to, account, type } = alice.ofType("outcome")[0] ?? {};
    assert.deepEqual({ to, account, type }, { to: "bob", account: "account-2", type: "outcome" });
  });

  it("reaches nobody who did not ask, or gave no id [P-5.7]", async () => {
    const carol = await world.join("carol");
    await send(carol, "m1");
    alice.request({ type: "message", to: "bob", msg: "without" });
    await bobTakesAll();
    assert.deepEqual([told(), told(carol)], [[], []]);
  });

  it("is not told of a message that was delivered at once: its answer said so [P-5.7]", async () => {
    const bob = await world.signIn("bob", { acks: true });
    await send(alice, "m1");
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(told(), []);
  });

  it("is told of one that was queued because bob was slow, when he has it [P-5.7, P-5.2]", async () => {
    const bob = await world.signIn("bob", { acks: true });
    await send(alice, "m1");
    await world.advance(10_500);
    assert.deepEqual(told(), []);
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(told(), ["m1 delivered"]);
  });

  it("says what was too old [P-5.3, P-5.7]", async () => {
    await send(alice, "m1");
    world.mailbox.expireAll();
    await world.settle();
    assert.deepEqual(told(), ["m1 expired"]);
  });

  it("is told again on the next link until it was answered, and then never [P-5.7]", async () => {
    await send(alice, "m1");
    await bobTakesAll();
    alice.drop();
    alice = await world.signIn("alice", { outcomes: true });
    assert.deepEqual(told(), ["m1 delivered"]);
    await answer();
    alice.drop();
    alice = await world.signIn("alice", { outcomes: true });
    assert.deepEqual(told(), []);
  });

  it("is told to a sender who comes back later, after a restart too [P-5.7]", async () => {
    await send(alice, "m1");
    alice.drop();
    await bobTakesAll();
    world.restart();
    alice = await world.signIn("alice", { outcomes: true });
    assert.deepEqual(told(), ["m1 delivered"]);
  });

  it("comes in pages of 64, the next one when the page was answered, whatever the answers are [P-5.7]", async () => {
    const mids = Array.from({ length: 100 }, (_, index) => `m${index}`);
    await send(alice, ...mids);
    await bobTakesAll();
    const first = told();
    assert.ok(first.length <= 64);
    await send(alice, "late");
    await world.settle();
    assert.equal(told().length, first.length);
    for (const { id } of alice.ofType("outcome")) alice.request({ id, result: "no", code: "internal" });
    await world.settle();
    await answer();
    assert.deepEqual(
      told(),
      mids.map((mid) => `${mid} delivered`),
    );
  });

  it("is told later when the storage could not be read [P-5.7]", async () => {
    await send(alice, "m1");
    alice.drop();
    await bobTakesAll();
    const { token } = alice;
    world.disk.works = false;
    alice = world.connect();
    alice.request({ type: "auth", token, outcomes: true });
    await world.settle();
    assert.deepEqual(told(), []);
    world.disk.works = true;
    await world.advance(10_500);
    assert.deepEqual(told(), ["m1 delivered"]);
  });

  it("goes to the link that the sender has by then, and to no port [P-5.7]", async () => {
    await send(alice, "m1");
    const before = alice;
    alice = await world.signIn("alice", { outcomes: true });
    await bobTakesAll();
    assert.deepEqual([told(before), told()], [[], ["m1 delivered"]]);
    await answer();
    await send(alice, "m2");
    (await world.signIn("alice", { outcomes: true, port: 4_242 })).drop();
    await bobTakesAll();
    await world.advance(20_000);
    assert.deepEqual(world.dialler.calls, []);
    assert.deepEqual(told(await world.signIn("alice", { outcomes: true })), ["m2 delivered"]);
  });
});
