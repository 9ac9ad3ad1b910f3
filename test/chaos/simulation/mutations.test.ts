import assert from "node:assert/strict";
import { hunt } from "./hunt.ts";
import { mutations } from "./mutations.ts";
import { runSeed } from "./run.ts";
import { mutationSeeds } from "./seeds.ts";

describe("the simulation finds a deliberate defect", () => {
  for (const mutation of mutations) {
    it(`${mutation.name} (within ${mutationSeeds} seeds)`, async function () {
      this.timeout(120_000);
      const found = await hunt(mutation, mutationSeeds);
      assert.ok(found, "no seed found it");
      assert.match(found.violations[0] ?? "", mutation.symptom);
      const without = await runSeed(found.seed, mutation.options.mix ? { mix: mutation.options.mix } : {});
      assert.deepEqual(without.violations, [], "it is not the defect that was found");
    });
  }
});
