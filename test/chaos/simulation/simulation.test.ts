import assert from "node:assert/strict";
import { runSeed } from "./run.ts";
import { chosenSeed, report, seedCount } from "./seeds.ts";

const seedsPerTest = 50;
const msPerSeed = 5_000;

describe("a simulated server, its daemons and its other clients, while everything fails that can", () => {
  const firsts = Array.from({ length: seedCount / seedsPerTest }, (_, index) => index * seedsPerTest + 1);
  for (const [first, last] of chosenSeed === undefined
    ? firsts.map((seed) => [seed, seed + seedsPerTest - 1] as const)
    : [[chosenSeed, chosenSeed] as const]) {
    it(`keep the promise with seed ${first} to ${last} [P-2.3, P-3.4, P-3.6, P-4.5, P-4.8, P-5.1 to P-5.6]`, async function () {
      this.timeout(seedsPerTest * msPerSeed);
      for (let seed = first; seed <= last; seed += 1) {
        const outcome = await runSeed(seed);
        if (chosenSeed !== undefined) console.log(report(outcome));
        assert.deepEqual(outcome.violations, [], report(outcome));
      }
    });
  }
});
