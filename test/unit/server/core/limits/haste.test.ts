import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

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
  const isNear = (count: number, expected: number) =>
    assert.ok(Math.abs(count - expected) <= expected / 50 + 2, `${count}, about ${expected} expected`);

  it("beyond 200 at once slows a link to 20 requests a second and refuses no message [P-8.6]", async () => {
    const [alice, bob] = [await world.join("alice"), await world.join("bob")];
    await world.advance(10_000);
    say(alice, burst + 100);
    await world.settle();
    const atOnce = answers(alice).length;
    isNear(atOnce, burst);
    await world.advance(2_000);
    isNear(answers(alice).length - atOnce, 2 * rate);
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
    await world.advance(1_000);
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

  it("is that of a large message too: what a line holds counts as its length [P-8.6]", async () => {
    const alice = await world.join("alice");
    await world.join("bob");
    await world.advance(10_000);
    say(alice, burst, { type: "message", to: "bob", msg: "x".repeat(61_000) });
    await world.settle();
    isNear(answers(alice).length, burst / (1 + 61_000 / 32_768));
    assert.deepEqual(new Set(codes(alice)), new Set([undefined]));
  });

  it("is not that of heartbeats: they cost the connection, not the session [P-8.6]", async () => {
    const alice = await world.join("alice");
    await world.advance(10_000);
    say(alice, 3 * burst, { type: "alive" });
    await world.settle();
    assert.equal(answers(alice).length, 3 * burst);
    say(alice, burst - 10, { type: "users" });
    await world.settle();
    assert.deepEqual(new Set(codes(alice)), new Set([undefined]));
    say(alice, 1_000, { type: "alive" });
    await world.settle();
    assert.ok(answers(alice).length < 5 * burst, "a flood of them is read more slowly");
  });

  it("is not that of answers to pushes, once for each push, however they come [P-8.6]", async () => {
    const [alice, bob] = [await world.join("alice", { acks: true }), await world.join("bob")];
    await world.advance(10_000);
    for (let round = 0; round < 10; round += 1) {
      say(bob, burst, { type: "message", to: "alice", msg: "x" });
      await world.settle();
      await world.advance(1_000);
      alice.acknowledgeAll();
      alice.lines.length = 0;
      await world.advance(10_000);
    }
    assert.equal(answers(bob).length, 10 * burst);
    say(alice, burst - 10, { type: "users" });
    await world.settle();
    assert.equal(answers(alice).length, burst - 10);
    assert.deepEqual(new Set(codes(alice)), new Set([undefined]));
  });

  it("is that of answers to nothing [P-8.6]", async () => {
    const alice = await world.join("alice", { acks: true });
    await world.advance(10_000);
    say(alice, 10 * burst, { id: 0, result: "ok" });
    alice.request({ type: "alive", id: "behind" });
    await world.settle();
    assert.deepEqual(alice.answer("behind"), {});
    await world.advance(15_500);
    assert.equal(alice.answer("behind")["result"], "ok");
  });

  it("is that of lines that are empty or no objects, before and after somebody signed in [P-8.6]", async () => {
    const [nobody, alice] = [world.connect(), await world.join("alice")];
    await world.advance(9_000);
    for (const [link, lines] of [
      [nobody, burst],
      [alice, 4 * burst],
    ] as const) {
      link.emptyLines(lines - 2);
      link.request({ type: "alive", id: "within" });
      link.emptyLines(lines);
      link.request({ type: "alive", id: "beyond" });
      await world.settle();
      assert.notDeepEqual(link.answer("within"), {});
      assert.deepEqual(link.answer("beyond"), {});
    }
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
    assert.deepEqual(again.answer(2), {}, "it is read more slowly");
    await world.advance(1_000);
    assert.notDeepEqual(again.answer(2), {});
  });

  it("is counted a connection, whoever's tokens are sent on it [P-8.6]", async () => {
    const tokens: string[] = [];
    for (let person = 0; person < 20; person += 1) tokens.push((await world.join(`person${person}`)).token);
    await world.advance(10_000);
    const link = world.connect();
    for (let time = 0; time < 100; time += 1) for (const token of tokens) link.request({ type: "alive", token });
    await world.settle();
    isNear(answers(link).length, 4 * burst);
    await world.advance(2_000);
    isNear(answers(link).length, 4 * burst + 2 * 4 * rate);
  });

  it("is counted an address group, however many connections it opens [P-8.6]", async () => {
    const served = async (address: string) => {
      const links = Array.from({ length: 100 }, () => world.connect(address));
      await world.advance(1_000);
      for (const link of links) say(link, burst - 1, { type: "nonsense" });
      await world.settle();
      return links.reduce((sum, link) => sum + answers(link).length, 0);
    };
    isNear(await served("10.0.0.1"), 50 * burst + 100);
    world = new MemoryWorld({ requestsPerSecond: rate, trusts: (address) => address === "10.0.0.1" });
    assert.equal(await served("10.0.0.1"), 100 * (burst - 1));
  });

  it("is counted on a connection that belongs to nobody too [P-8.6]", async () => {
    const link = world.connect();
    say(link, burst + 100, { type: "register", username: "a b", password: "pw" });
    await world.settle();
    isNear(codes(link).length, burst);
    const other = world.connect();
    say(other, burst + 100, { type: "nonsense" });
    await world.settle();
    isNear(codes(other).length, burst);
  });

  it("costs more where many are asked: a broadcast by those whom it goes to, and the map of all [P-8.6]", async () => {
    const alice = await world.join("alice");
    for (let person = 0; person < 399; person += 1) await world.join(`person${person}`);
    await world.advance(10_000);
    say(alice, burst, { type: "online" });
    await world.settle();
    isNear(answers(alice).length, burst / 3);
    alice.lines.length = 0;
    const bob = await world.join("bob");
    say(bob, burst, { type: "broadcast", msg: "x" });
    await world.settle();
    isNear(answers(bob).length, burst / 9);
  });

  it("of a client that does not read its answers waits until it does [P-8.3]", async () => {
    world = new MemoryWorld();
    const alice = await world.join("alice");
    for (let person = 0; person < 100; person += 1) await world.join(`person${person}`);
    alice.stuck = true;
    say(alice, 1_000, { type: "users" });
    await world.settle();
    assert.ok(alice.unsentBytes < 300 * 1_024, `${alice.unsentBytes}`);
    alice.stuck = false;
    await world.settle();
    assert.equal(answers(alice).length, 1_000);
  });

  it("has no limit where that is 0 [P-8.6]", async () => {
    world = new MemoryWorld({ requestsPerSecond: 0 });
    const alice = await world.join("alice");
    say(alice, 1_000, { type: "users" });
    await world.settle();
    assert.deepEqual(new Set(codes(alice)), new Set([undefined]));
    assert.equal(answers(alice).length, 1_000);
  });
});
