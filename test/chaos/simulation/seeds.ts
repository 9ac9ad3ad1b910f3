// Which seeds a test run tries, and how a failing one is reported.

import type { Outcome } from "./run.ts";

const chosen = process.env["CHAT_ROOM_SEED"];
const large = process.env["CHAT_ROOM_CHAOS"] === "large";

/** The seed that was asked for; its whole trace is printed. */
export const chosenSeed = chosen === undefined ? undefined : Number(chosen);
export const seedCount = large ? 100_000 : 500;
export const raceCount = large ? 10_000 : 1_000;
/** Number of seeds that must be enough to find a deliberate defect. */
export const mutationSeeds = 60;

const lastLines = 120;

export function report(outcome: Pick<Outcome, "seed" | "violations" | "trace">): string {
  const { seed, violations, trace } = outcome;
  const shown = chosenSeed === undefined ? trace.slice(-lastLines) : trace;
  const again = `CHAT_ROOM_SEED=${seed} npx mocha 'test/chaos/simulation/*.test.ts' replays it with all of its trace.`;
  return [...shown, "", `Seed ${seed}:`, ...violations, again].join("\n");
}
