// A clock that a test moves by hand. Timers fire in order while it moves.

import type { Clock, Timer } from "../../base/clock.ts";

interface Due {
  readonly atMs: number;
  readonly fire: () => void;
}

export class FakeClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<Due>();

  /** How many timers have fired. */
  fired = 0;

  constructor(nowMs = 1_000_000) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const due = { atMs: this.#nowMs + delayMs, fire };
    this.#timers.add(due);
    return { dispose: () => this.#timers.delete(due) };
  }

  /** How many timers have yet to fire. */
  get pending(): number {
    return this.#timers.size;
  }

  advance(byMs: number): void {
    const until = this.#nowMs + byMs;
    for (;;) {
      const next = [...this.#timers].sort((left, right) => left.atMs - right.atMs)[0];
      if (!next || next.atMs > until) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      this.fired += 1;
      next.fire();
    }
    this.#nowMs = until;
  }
}
