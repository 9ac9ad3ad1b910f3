// When a message of somebody else was sent. Its author's clock says so, and is believed within reason: a message cannot be
// from the future, nor older than mail can be [P-5.3]. What it said otherwise is kept nowhere. Order goes by arrival.

import { limits } from "../../protocol/limits.ts";

/** For clocks that go a little differently. */
const maxAheadMs = 5 * 60_000;
/** Mail waits for 30 days; a day more for a server that did not run. */
const maxAgeMs = 31 * 24 * 60 * 60_000;

/** @param said by the author; undefined where they said nothing @param nowMs by the clock of this machine */
export function believedTime(said: number | undefined, nowMs: number): number {
  const latest = Math.min(limits.maxTimeMs, Math.max(0, Math.trunc(nowMs) + maxAheadMs));
  const earliest = Math.max(0, Math.trunc(nowMs) - maxAgeMs);
  return Math.min(latest, Math.max(earliest, said ?? Math.trunc(nowMs)));
}
