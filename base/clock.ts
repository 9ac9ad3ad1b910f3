// Time as a dependency: tests control it by hand, and no code below this reads the host's clock directly.

import type { TimeSource } from "../protocol/ports.ts";

export interface Timer {
  /** Cancels the timer. Idempotent. */
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
