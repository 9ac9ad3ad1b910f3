// How many connections may be open before the system runs out of descriptors. Beyond that it would drop connections without
// an error, and the disk, the log and the metrics would fail too. So some descriptors are reserved.

import { readdirSync, readFileSync } from "node:fs";

/** For files, for the metrics, and for calls to clients. */
const reserve = 64;
/** The least that is allowed, whatever the limit: with fewer, the server would be useless. */
const minConnections = 8;

/** @returns the soft limit of this process; undefined if the system does not tell, or sets none */
export function descriptorLimit(): number | undefined {
  try {
    const text = readFileSync("/proc/self/limits", "utf8");
    const limit = /^Max open files\s+(\d+)/m.exec(text)?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** @returns how many are open now; 0 if the system does not tell */
export function openDescriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}

/** @returns how many connections fit besides what is open; undefined without a limit */
export function roomForConnections(limit: number | undefined, open: number): number | undefined {
  return limit === undefined ? undefined : Math.max(minConnections, limit - open - reserve);
}
