// The clocks of one process: a wall clock that is as wrong as its machine's, and a monotonic one that starts with the
// process. The latter may leap together with all timers: days in which the process ran and nothing happened.

import type { Clock, Timer } from "../../../base/clock.ts";
import type { Owner, Scheduled, Scheduler } from "./scheduler.ts";

/** 2026. */
const epochMs = 1_767_225_600_000;

interface Pending {
  /** Monotonic. */
  readonly dueMs: number;
  readonly fire: () => void;
  scheduled: Scheduled | undefined;
}

export class SimulatedClock implements Clock {
  readonly #scheduler: Scheduler;
  readonly #owner: Owner;
  readonly #wallOffsetMs: () => number;
  readonly #pending = new Set<Pending>();
  readonly #startedMs: number;
  #leaptMs = 0;

  /** @param wallOffsetMs how wrong the wall clock is now */
  constructor(scheduler: Scheduler, owner: Owner, wallOffsetMs: () => number) {
    this.#scheduler = scheduler;
    this.#owner = owner;
    this.#wallOffsetMs = wallOffsetMs;
    this.#startedMs = scheduler.nowMs;
  }

  nowMs(): number {
    return Math.round(epochMs + this.#scheduler.nowMs + this.#wallOffsetMs());
  }

  monotonicMs(): number {
    return this.#scheduler.nowMs + this.#leaptMs - this.#startedMs;
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const dueMs = this.monotonicMs() + Math.max(0, delayMs);
    const pending: Pending = { dueMs, fire, scheduled: undefined };
    this.#schedule(pending);
    return {
      dispose: () => {
        pending.scheduled?.dispose();
        this.#pending.delete(pending);
      },
    };
  }

  /** Leaps the monotonic clock. The wall clock is set by its owner. */
  leap(ms: number): void {
    this.#leaptMs += ms;
    const pending = [...this.#pending].sort((one, other) => one.dueMs - other.dueMs);
    for (const each of pending) {
      each.scheduled?.dispose();
      this.#schedule(each);
    }
  }

  #schedule(pending: Pending): void {
    this.#pending.add(pending);
    pending.scheduled = this.#scheduler.after(pending.dueMs - this.monotonicMs(), this.#owner, () => {
      this.#pending.delete(pending);
      pending.fire();
    });
  }
}
