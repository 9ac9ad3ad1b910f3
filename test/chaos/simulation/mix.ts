// Extra parts of a run besides the people and faults of every run; none in two of three runs.

import { Chance } from "./chance.ts";

export const extras = ["brief", "slow", "late", "refusing", "years"] as const;
export type Extra = (typeof extras)[number];
export type Mix = ReadonlySet<Extra>;

const everyNth = 3;

export function mixOf(seed: number): Mix {
  if (seed % everyNth !== 0) return new Set();
  const chance = new Chance(seed + 2);
  const first = chance.pick(extras);
  return new Set(extras.filter((extra) => extra === first || chance.happens(0.15)));
}
