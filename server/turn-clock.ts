// Reading the monotonic clock costs as much as finding a recipient, and one message needs it several times. So it is read
// once per turn of the event loop. Time does not advance within a turn, which does not matter to deadlines of seconds.

import type { Clock } from "../base/clock.ts";

export function turnClock(clock: Clock): Clock {
  let turnMs: number | undefined;
  const forget = () => (turnMs = undefined);
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs() {
      if (turnMs === undefined) {
        turnMs = clock.monotonicMs();
        setImmediate(forget);
      }
      return turnMs;
    },
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
  };
}
