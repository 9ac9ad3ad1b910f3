import assert from "node:assert/strict";
import { runSeed } from "./run.ts";
import type { Outcome } from "./run.ts";

describe("the simulation", () => {
  it("does the same again with the same seed, to the last event", async function () {
    this.timeout(60_000);
    for (const seed of [1, 2, 3, 5, 8, 13]) {
      const [once, again] = [await runSeed(seed), await runSeed(seed)];
      assert.equal(again.hash, once.hash, `seed ${seed}`);
      assert.deepEqual(again.trace, once.trace);
      assert.equal(again.events, once.events);
    }
  });

  it("does something else with another seed", async () => {
    const hashes = [await runSeed(21), await runSeed(22)].map(({ hash }) => hash);
    assert.notEqual(hashes[0], hashes[1]);
  });

  it("is no idle run: messages are acknowledged, shown and survive faults of every kind", async function () {
    this.timeout(120_000);
    const outcomes: Outcome[] = [];
    for (let seed = 1; seed <= 40; seed += 1) outcomes.push(await runSeed(seed));
    const total = (of: "acknowledged" | "shown"): number => outcomes.reduce((sum, each) => sum + each[of], 0);
    assert.ok(total("acknowledged") > 1_000, `${total("acknowledged")} acknowledged`);
    assert.ok(total("shown") > 1_000, `${total("shown")} shown`);
    const text = outcomes.flatMap(({ trace }) => trace).join("\n");
    for (const fault of [
      ...["is cut", "is held", "is slow", "stands still", "is killed", "dies at a commit", "will fail once", "is full"],
      ...["wall clock", "is stopped", '"type":"kill"', '"code":"blocked"', '"delivery":"queued"', '"ip":"10.0.0.'],
      ...['"kind":"react"', '"kind":"unreact"', "direct link"],
      ...["bytes in a millisecond", "can store nothing for now", "days off", "ran for", '"acks":true,"id":"auth"'],
    ]) {
      assert.ok(text.includes(fault), `never: ${fault}`);
    }
  });
});
