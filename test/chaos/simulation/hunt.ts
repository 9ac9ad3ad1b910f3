// Runs seeds until one breaks a promise.

import { histories, makeHistory } from "./history-files.ts";
import type { Mutation } from "./mutations.ts";
import { runSeed } from "./run.ts";
import type { Outcome } from "./run.ts";

/** @returns the first failing run, or undefined if `seeds` runs passed */
export async function hunt(mutation: Mutation, seeds: number): Promise<Outcome | undefined> {
  histories.make = mutation.makeHistory ?? makeHistory;
  try {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const outcome = await runSeed(seed, mutation.options);
      if (outcome.violations.length > 0) return outcome;
    }
    return undefined;
  } finally {
    histories.make = makeHistory;
  }
}
