// A clock that a test moves, by a month at once if necessary: timers that became due meanwhile fire once, at the end. The
// wall clock moves with it, and can be set to any wrong time.

import type { Clock, Timer } from "../../base/clock.ts";

export class JumpingClock implements Clock {
  #ranMs = 0;
  #wallOffsetMs = 1_767_225_600_000;
  readonly #timers = new Set<{ readonly atMs: number; readonly fire: () => void }>();

  nowMs(): number {
    return this.#wallOffsetMs + this.#ranMs;
  }

  monotonicMs(): number {
    return this.#ranMs;
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const timer = { atMs: this.#ranMs + delayMs, fire };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  setWallClock(toMs: number): void {
    this.#wallOffsetMs = toMs - this.#ranMs;
  }

  advance(ms: number): void {
    this.#ranMs += ms;
    const due = [...this.#timers].filter(({ atMs }) => atMs <= this.#ranMs).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) if (this.#timers.delete(timer)) timer.fire();
  }
}
