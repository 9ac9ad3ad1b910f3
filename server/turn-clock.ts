// Reading the monotonic clock costs as much as finding a recipient, and a message asks for it several times: it is read once
// a turn of the event loop. Within a turn time stands still, which no deadline of seconds notices.

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
