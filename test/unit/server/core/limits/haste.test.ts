import assert from "node:assert/strict";
import { Budget } from "../../../../server/core/budget.ts";
import { MemoryWorld } from "../memory-world.ts";
import type { MemoryLink } from "../memory-world.ts";

describe("haste", () => {
  const rate = 20;
  const burst = 200;
  let world: MemoryWorld;

  beforeEach(() => {
    world = new MemoryWorld({ requestsPerSecond: rate });
  });

  const answers = (link: MemoryLink) => link.ofType(undefined);
  const codes = (link: MemoryLink) => answers(link).map((line) => line["code"]);
  function say(link: MemoryLink, times: number, request: object = { type: "message", to: "bob", msg: "x" }): void {
    for (let time = 0; time < times; time += 1) link.request(request);
  }

  it("beyond 200 at once slows a link to 20 requests a second and refuses no message [P-8.6]", async () => {
    const [alice, bob] = [await world.join("alice"), await world.join("bob")];
    await world.advance(10_000);
    say(alice, burst + 100);
    await world.settle();
    const atOnce = answers(alice).length;
    assert.ok(atOnce >= burst && atOnce <= burst + 1, `${atOnce}`);
    await world.advance(2_000);
    const later = answers(alice).length - atOnce;
    assert.ok(later >= 2 * rate - 2 && later <= 2 * rate + 2, `${later}`);
    await world.advance(10_000);
    assert.equal(answers(alice).length, burst + 100);
    assert.deepEqual(new Set(codes(alice)), new Set([undefined]));
    assert.equal(bob.texts.length, burst + 100);
  });

  it("of one harms no other [P-8.6]", async () => {
    const [alice, bob] = [await world.join("alice"), await world.join("bob")];
    say(alice, 1_000);
    bob.request({ type: "message", to: "alice", msg: "hello", id: 1 });
    await world.settle();
    assert.equal(bob.answer(1)["result"], "ok");
  });

  it("beyond the limit gets auth, register, address and users refused with rate_limited [P-8.6]", async () => {
    const alice = await world.join("alice");
    await world.join("bob");
    say(alice, burst + 1);
    await world.settle();
    alice.lines.length = 0;
    const message = { type: "message", to: "bob", msg: "x" };
    const hasty = [
      ...[message, message, message],
      { type: "auth", username: "alice", password: "pw" },
      { type: "register", username: "zoe", password: "pw" },
      { type: "address", target: "bob" },
      { type: "users" },
    ];
    const rounds = 50;
    for (let round = 0; round < rounds; round += 1) {
      for (const request of hasty) alice.request({ ...request, id: `${request.type} ${round}` });
    }
    await world.advance(50_000);
    assert.equal(answers(alice).length, hasty.length * rounds);
    const refused = answers(alice).filter((line) => line["code"] === "rate_limited");
    const types = new Set(refused.map((line) => String(line["id"]).split(" ")[0]));
    assert.deepEqual([...types].sort(), ["address", "auth", "register", "users"]);
  });

  it("is not that of answers and heartbeats [P-8.6]", async () => {
    const alice = await world.join("alice");
    say(alice, 1_000, { type: "alive" });
    say(alice, 1_000, { id: 0, result: "ok" });
    await world.settle();
    assert.equal(answers(alice).length, 1_000);
    say(alice, burst - 10, { type: "users" });
    await world.settle();
    assert.deepEqual(new Set(codes(alice)), new Set([undefined]));
  });

  it("is counted a session, whatever connections it uses, and does not begin anew with another link [P-8.6]", async () => {
    const alice = await world.join("alice", { device: "laptop" });
    await world.join("bob");
    await world.advance(10_000);
    const once = async (request: object) => {
      const link = world.connect();
      link.request({ ...request, token: alice.token, id: 1 });
      await world.settle();
      return link.answer(1)["code"] ?? link.answer(1)["result"];
    };
    for (let time = 0; time < burst; time += 1) assert.equal(await once({ type: "users" }), "ok");
    assert.equal(await once({ type: "users" }), "rate_limited");
    assert.equal(await once({ type: "message", to: "bob", msg: "x" }), "ok");
    const again = world.connect();
    again.request({ type: "auth", username: "alice", password: "pw", device: "laptop", id: 1 });
    again.request({ type: "users", id: 2 });
    await world.settle();
    assert.equal(again.answer(1)["result"], "ok");
    assert.equal(again.answer(2)["code"], "rate_limited");
  });

  it("is counted on a connection that belongs to nobody too [P-8.6]", async () => {
    const link = world.connect();
    say(link, burst + 100, { type: "register", username: "a b", password: "pw" });
    await world.settle();
    assert.equal(codes(link).length, burst + 1);
    assert.equal(codes(link).at(-1), "rate_limited");
    const other = world.connect();
    say(other, burst + 100, { type: "nonsense" });
    await world.settle();
    assert.equal(codes(other).length, burst + 1);
  });

  it("has no limit where that is 0 [P-8.6]", async () => {
    world = new MemoryWorld({ requestsPerSecond: 0 });
    const alice = await world.join("alice");
    say(alice, 1_000, { type: "users" });
    await world.settle();
    assert.deepEqual(new Set(codes(alice)), new Set([undefined]));
    assert.equal(answers(alice).length, 1_000);
  });

  it("is forgiven as time goes by, but no more than a burst is saved up [P-8.6]", () => {
    const budget = new Budget(rate, 0);
    for (let time = 0; time < burst; time += 1) assert.equal(budget.spend(0), true);
    assert.equal(budget.spend(0), false);
    assert.equal(budget.allows(99), false);
    assert.equal(budget.allows(100), true);
    for (let time = 0; time < burst; time += 1) assert.equal(budget.spend(1_000_000), true);
    assert.equal(budget.spend(1_000_000), false);
  });
});
