// Runs one seed from its first event to the judgement.

import { Chance } from "./chance.ts";
import { drawUserActions, settle } from "./user-actions.ts";
import { planDirectLinks } from "./direct-links.ts";
import { insideSimulation } from "./doors.ts";
import { injectFaults } from "./faults.ts";
import { converge } from "./judgement.ts";
import { planReactions } from "./reactions.ts";
import { planSlowLinks } from "./slow-links.ts";
import { World } from "./world.ts";
import type { WorldOptions } from "./world.ts";
import { planWrongClocks } from "./wrong-clocks.ts";

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly hash: string;
  readonly trace: readonly string[];
  readonly events: number;
  /** Virtual time from the recovery to the end. */
  readonly convergedMs: number;
  readonly acknowledged: number;
  readonly shown: number;
}

export interface RunOptions extends WorldOptions {
  /** Prepares the world further before anything happens in it. */
  readonly prepare?: (world: World) => void;
}

const chaosMs = { least: 20_000, most: 90_000 };

export async function runSeed(seed: number, options: RunOptions = {}): Promise<Outcome> {
  const world = new World(seed, options);
  const { scheduler, bench, chance, network } = world;
  let convergedMs = 0;
  await insideSimulation({ scheduler, network, chance }, async () => {
    settle(world, chance.fork());
    options.prepare?.(world);
    const untilMs = chance.between(chaosMs.least, chaosMs.most);
    drawUserActions(world, chance.fork(), 500, untilMs);
    injectFaults(world, chance.fork(), 1_000, untilMs);
    // With their own randomness, and not in the seeds that are kept for what happens in them.
    if (seed % 2 === 0) planReactions(world, new Chance(seed), 2_000, untilMs);
    if (world.mix.has("slow")) planSlowLinks(world, new Chance(seed + 3), 2_000, untilMs);
    if (world.mix.has("years")) planWrongClocks(world, new Chance(seed + 4), 2_000, untilMs);
    if (seed % 4 === 0) planDirectLinks(world, new Chance(seed + 1), 3_000, untilMs);
    const isOver = (): boolean => bench.violations.length > 0;
    await scheduler.run(untilMs, isOver);
    if (!isOver()) convergedMs = await converge(world);
  });
  world.dispose();
  return {
    ...{ seed, convergedMs, violations: bench.violations, hash: bench.trace.hash, trace: bench.trace.lines },
    ...{ events: scheduler.count, acknowledged: world.deliveries.count },
    shown: world.daemons.reduce((sum, { screen }) => sum + screen.count, 0),
  };
}
