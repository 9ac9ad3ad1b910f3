// What a run has besides the people and the faults that every run has: in two of three nothing.

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
