import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

describe("a connection", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice");
  });

  const message = (to: string, msg: string, added: object = {}) => ({ type: "message", to, msg, ...added });

  /** Messages for bob until his window is full. */
  async function fill(): Promise<void> {
    for (let each = 0; each < 12; each += 1) alice.request(message("bob", "x".repeat(60_000), { id: each }));
    await world.settle();
  }

  describe("whose client takes little and is there", () => {
    let bob: MemoryLink;

    beforeEach(async () => {
      bob = await world.join("bob", { acks: true });
      bob.stuck = true;
      await fill();
      bob.request({ type: "alive", id: "alive" });
      await world.settle();
      assert.ok(bob.unsentBytes > 500_000);
    });

    it("is read from: its acknowledgements count as they come, and no sender waits for the rest [P-5.1]", async () => {
      for (let each = 0; each < 9; each += 1) {
        bob.take(1);
        bob.request({ id: bob.ofType("message").at(-1)?.["id"], result: "ok" });
        await world.advance(8_000);
        assert.equal(alice.answer(each)["result"], "ok");
      }
      assert.equal(alice.answer(0)["delivery"], "delivered");
    });

    it("goes on: its signs of life are heard [P-4.9]", async () => {
      for (let passed = 0; passed < 180_000; passed += 25_000) {
        bob.request({ type: "alive" });
        await world.advance(25_000);
        alice.request({ type: "alive" });
      }
      assert.equal(bob.closed, false);
      bob.stuck = false;
      await world.settle();
      for (let round = 0; round < 5; round += 1) {
        bob.acknowledgeAll();
        await world.settle();
      }
      assert.deepEqual([bob.texts.length, world.mailbox.texts(2)], [12, []]);
    });
  });

  it("that is not read from because its client left too much unread goes on while that takes something [P-4.9]", async () => {
    for (let person = 0; person < 100; person += 1) await world.join(`person${person}`);
    const bob = await world.join("bob");
    bob.stuck = true;
    for (let time = 0; time < 100; time += 1) bob.request({ type: "users" });
    await world.settle();
    for (let passed = 0; passed < 180_000; passed += 25_000) {
      bob.take(1);
      bob.request({ type: "alive", id: "alive" });
      await world.advance(25_000);
      assert.deepEqual([bob.closed, bob.answer("alive")], [false, {}]);
    }
    await world.advance(60_500);
    assert.equal(bob.closed, true);
  });

  it("keeps few answers that wait for one before them, and reads on when that is there [P-2.2]", async () => {
    const bob = await world.join("bob", { acks: true });
    for (let person = 0; person < 150; person += 1) await world.join(`person${person}`);
    alice.request(message("bob", "has no answer yet"));
    for (let time = 0; time < 500; time += 1) alice.request({ type: "users" });
    await world.settle();
    assert.equal(alice.ofType(undefined).length, 0);
    assert.ok(alice.unread > 400, `${alice.unread} of 500 are not read yet`);
    bob.acknowledgeAll();
    await world.settle();
    assert.equal(alice.ofType(undefined).length, 501);
    assert.equal(alice.lines[0]?.["delivery"], "delivered");
  });

  it("brings no push before the answer to auth, also where that waits for another one [P-4.1, P-5.3]", async () => {
    await world.join("bob", { acks: true });
    const carol = await world.join("carol");
    carol.drop();
    await world.settle();
    await world.ask(alice, message("carol", "waits"));
    const link = world.connect();
    link.request(message("bob", "has no answer yet", { token: alice.token }));
    link.request({ type: "auth", username: "carol", password: "pw" });
    await world.settle();
    const kinds = () => link.lines.map(({ type, result }) => type ?? result);
    assert.deepEqual(kinds(), []);
    await world.advance(10_500);
    assert.deepEqual(kinds(), ["ok", "ok", "message"]);
  });

  it("is not ended by what an answer leads to", async () => {
    const bob = await world.join("bob");
    world.core.sessions.start = () => {
      throw new Error("a bug");
    };
    bob.request({ type: "auth", username: "bob", password: "pw", id: 1 });
    await world.settle();
    assert.equal(bob.answer(1)["result"], "ok");
    assert.equal((await world.ask(bob, { type: "alive" }))["result"], "ok");
  });

  it("reads nothing more from a link while a password is checked [P-2.2]", async () => {
    const link = world.connect();
    link.request({ type: "auth", username: "alice", password: "pw" });
    link.request({ type: "online" });
    await world.settle();
    assert.deepEqual(link.lines[1], { alice: "alice" });
  });

  it("closes a link after 16 lines that are no objects, each answered [P-1.6]", async () => {
    const link = world.connect();
    for (let count = 0; count < 15; count += 1) link.noise();
    await world.settle();
    assert.equal(link.closed, false);
    link.noise();
    await world.settle();
    assert.equal(link.closed, true);
    assert.equal(link.lines.length, 16);
    assert.ok(link.lines.every((line) => line["code"] === "bad_frame" && line["result"] === "fail"));
  });

  it("answers a line that is too long, then closes [P-1.3]", async () => {
    const link = world.connect();
    link.oversize();
    await world.settle();
    assert.equal(link.lastAnswer["code"], "too_large");
    assert.equal(link.closed, true);
  });

  it("answers everything that is under way before it closes a half-closed link [P-1.5]", async () => {
    const bob = await world.join("bob", { acks: true });
    alice.request({ type: "message", to: "bob", msg: "x" });
    alice.halfClose();
    await world.settle();
    assert.equal(alice.closed, false);
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(alice.lines, [{ result: "ok", delivery: "delivered" }]);
    assert.equal(alice.closed, true);
  });

  it("stops reading from a link with 1,024 requests under way, and loses none of them", async () => {
    const bob = await world.join("bob", { acks: true });
    for (let id = 0; id < 1_500; id += 1) alice.request({ type: "message", to: "bob", msg: "x", id });
    await world.settle();
    assert.equal(bob.texts.length, 1_024);
    bob.acknowledgeAll();
    await world.settle();
    assert.equal(bob.texts.length, 1_500);
    bob.acknowledgeAll();
    await world.settle();
    assert.equal(alice.lines.length, 1_500);
  });

  it("closes a connection that has not authenticated within 10 s [P-8.1]", async () => {
    const silent = world.connect();
    const refused = world.connect();
    await world.advance(5_000);
    refused.request({ type: "online" });
    await world.advance(4_500);
    assert.deepEqual([silent.closed, refused.closed], [false, false]);
    await world.advance(1_000);
    assert.deepEqual([silent.closed, refused.closed], [true, true]);
  });

  it("takes long lines only from an authenticated connection [P-1.3]", async () => {
    assert.equal(alice.maxFrameBytes, 65_536);
    alice.request({ type: "logout" });
    await world.settle();
    assert.equal(alice.maxFrameBytes, 4_096);
  });
});
