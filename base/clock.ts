// Time as something that is passed in: tests drive it by hand, and no code below reads the host's clock by itself.

import type { TimeSource } from "../protocol/ports.ts";

export interface Timer {
  /** The timer will not fire any more. Idempotent. */
  dispose(): void;
}

export interface Clock extends TimeSource {
  /** Calls `fire` once after `delayMs`. Does not keep the process alive. */
  setTimer(delayMs: number, fire: () => void): Timer;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    handle.unref();
    return { dispose: () => clearTimeout(handle) };
  },
};
