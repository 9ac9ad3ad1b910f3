// When somebody else's message was sent. The time of its author's clock is accepted within limits: a message cannot be from
// the future, nor older than a mailbox keeps it [P-5.3]. A time outside them is not stored. Messages are ordered by arrival.

import { limits } from "../../protocol/limits.ts";

/** Tolerance for clocks that differ a little. */
const maxAheadMs = 5 * 60_000;
/** A mailbox keeps messages for 30 days; one more day for a server that was not running. */
const maxAgeMs = 31 * 24 * 60 * 60_000;

/**
 * Returns the time of sending to store.
 * @param said by the author's clock; undefined if absent
 * @param nowMs by the clock of this machine
 */
export function believedTime(said: number | undefined, nowMs: number): number {
  const latest = Math.min(limits.maxTimeMs, Math.max(0, Math.trunc(nowMs) + maxAheadMs));
  const earliest = Math.max(0, Math.trunc(nowMs) - maxAgeMs);
  return Math.min(latest, Math.max(earliest, said ?? Math.trunc(nowMs)));
}
