import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

describe("asking somebody for their address again and again", () => {
  let world: MemoryWorld;
  let bob: MemoryLink;
  let mallory: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    bob = await world.join("bob", { port: 1 });
    mallory = await world.join("mallory");
  });

  let lastId = 0;

  /** @returns where its answer will be */
  async function ask(asker: MemoryLink, target = "bob"): Promise<() => ReturnType<MemoryLink["answer"]>> {
    const id = `ask ${(lastId += 1)}`;
    asker.request({ type: "address", target, id });
    await world.settle();
    return () => asker.answer(id);
  }

  /** Asks, and is told no where the question was put. */
  async function askAndBeDenied(asker: MemoryLink): Promise<ReturnType<MemoryLink["answer"]>> {
    const before = questions().length;
    const answer = await ask(asker);
    if (questions().length > before) bob.consent("no");
    await world.settle();
    return answer();
  }

  /** Everybody shows that they are there. */
  async function wait(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 20_000) {
      await world.advance(Math.min(leftMs, 20_000));
      for (const link of [bob, mallory]) link.request({ type: "alive" });
      await world.settle();
    }
  }

  function questions(): unknown[] {
    return bob.ofType("request").map(({ from }) => from);
  }

  it("holds a no for 30 s, 2 min, 10 min and then an hour each, without asking the person [P-6.12]", async () => {
    for (const [times, holdMs] of [30_000, 120_000, 600_000, 3_600_000, 3_600_000].entries()) {
      assert.equal((await askAndBeDenied(mallory))["reason"], "That user did not agree.");
      assert.equal(questions().length, times + 1);
      await wait(holdMs - 1_000);
      const held = await askAndBeDenied(mallory);
      assert.deepEqual([held["code"], held["retry_after"]], ["denied", 1]);
      assert.match(String(held["reason"]), /not asked again/);
      assert.equal(questions().length, times + 1);
      await wait(1_000);
    }
  });

  it("counts the first no anew after a day without one [P-6.12]", async () => {
    await askAndBeDenied(mallory);
    await wait(30_000);
    await askAndBeDenied(mallory);
    world.skip(24 * 60 * 60_000);
    bob = await world.signIn("bob", { port: 1 });
    mallory = await world.signIn("mallory");
    await askAndBeDenied(mallory);
    await wait(30_000);
    const answer = await ask(mallory);
    assert.deepEqual(answer(), {}, "bob is asked");
  });

  it("holds that nobody answered for 30 s each time, and says so [P-6.12]", async () => {
    for (let times = 1; times <= 4; times += 1) {
      const answer = await ask(mallory);
      assert.equal(questions().length, times);
      await wait(30_500);
      assert.equal(answer()["reason"], "That user did not answer.");
      const held = await ask(mallory);
      assert.match(String(held()["reason"]), /did not answer just now/);
      await wait(30_000);
    }
  });

  it("holds a no against nobody else, and not in the other direction [P-6.12]", async () => {
    const carol = await world.join("carol");
    mallory = await world.signIn("mallory", { port: 2 });
    await askAndBeDenied(mallory);
    await askAndBeDenied(carol);
    assert.deepEqual(questions(), ["mallory", "carol"]);
    await ask(bob, "mallory");
    assert.equal(mallory.ofType("request").length, 1);
  });

  it("forgets a no once the person asks for the other, or agrees [P-6.12]", async () => {
    mallory = await world.signIn("mallory", { port: 2 });
    await askAndBeDenied(mallory);
    await ask(bob, "mallory");
    mallory.consent();
    await world.settle();
    await ask(mallory);
    assert.equal(questions().length, 2);
  });

  it("holds no no to the asking back of somebody who just agreed, once [P-6.12]", async () => {
    mallory = await world.signIn("mallory", { port: 2 });
    await ask(bob, "mallory");
    mallory.consent();
    await world.settle();
    await askAndBeDenied(mallory);
    await askAndBeDenied(mallory);
    await askAndBeDenied(mallory);
    assert.equal(questions().length, 2);
  });

  it("holds nothing against whoever asked while the link was lost [P-6.12]", async () => {
    await ask(mallory);
    bob.drop();
    await world.settle();
    bob = await world.signIn("bob", { port: 1 });
    await ask(mallory);
    assert.equal(questions().length, 1);
  });

  it("has at most 8 open questions for a person, 3 places of these for people whom they know [P-6.13]", async () => {
    for (const name of ["dora", "emil", "fred", "gina"]) {
      await world.join(name);
      bob.request({ type: "message", to: name, msg: "hello" });
    }
    await world.settle();
    for (let stranger = 0; stranger < 6; stranger += 1) {
      const answer = await ask(await world.join(`stranger${stranger}`, {}, `10.0.0.${stranger}`));
      assert.equal(answer()["code"], stranger < 5 ? undefined : "rate_limited");
    }
    const codes: unknown[] = [];
    for (const name of ["dora", "emil", "fred", "gina"]) codes.push((await ask(await world.signIn(name)))()["code"]);
    assert.deepEqual(codes, [undefined, undefined, undefined, "rate_limited"]);
    assert.equal(questions().length, 8);
    bob.consent("no");
    await world.settle();
    await ask(await world.signIn("gina"));
    assert.equal(questions().at(-1), "gina");
  });

  it("says of a place that there is none what to do, and when [P-6.13]", async () => {
    for (let stranger = 0; stranger < 5; stranger += 1) await ask(await world.join(`stranger${stranger}`));
    const { code, reason, retry_after: after } = (await ask(mallory))();
    assert.deepEqual([code, after], ["rate_limited", 30]);
    assert.match(String(reason), /Too many people ask that user .*Try again in half a minute/);
  });

  it("gives strangers at one address 2 places, also with many accounts, and others the rest [P-6.13]", async () => {
    for (let sybil = 0; sybil < 8; sybil += 1) {
      await ask(await world.join(`sybil${sybil}`, {}, `2001:db8::${sybil + 1}`));
    }
    const alice = await world.join("alice", {}, "10.1.1.1");
    await ask(alice);
    assert.deepEqual(questions(), ["sybil0", "sybil1", "alice"]);
  });
});
