// How many connections there may be before the system gives no more descriptors: then it would drop connections without a word,
// and the disk, the log and the metrics would fail with them. Some are kept back for those.

import { readdirSync, readFileSync } from "node:fs";

/** For files, for the metrics, and for calls to clients. */
const reserve = 64;
/** Fewer would be no server. */
const fewest = 8;

/** @returns the soft limit of this process; undefined if the system does not say it, or sets none */
export function descriptorLimit(): number | undefined {
  try {
    const text = readFileSync("/proc/self/limits", "utf8");
    const limit = /^Max open files\s+(\d+)/m.exec(text)?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** @returns how many are open now; 0 if the system does not say it */
export function openDescriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}

/** @returns the connections for which there is room beside what is open; undefined without a limit */
export function roomForConnections(limit: number | undefined, open: number): number | undefined {
  return limit === undefined ? undefined : Math.max(fewest, limit - open - reserve);
}
