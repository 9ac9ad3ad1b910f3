// After a no the next question from the same source waits, longer each time: whoever was refused must not be able to ask again
// until the person gives in. Remembers a bounded number of sources, for a day.

import type { Clock } from "../../base/clock.ts";

interface Refused {
  readonly times: number;
  /** On the monotonic clock, in milliseconds. */
  readonly untilMs: number;
}

const firstPauseMs = 60_000;
const longestPauseMs = 60 * 60 * 1_000;
const forgottenMs = 24 * 60 * 60 * 1_000;
const maxSources = 256;

export class Patience {
  readonly #clock: Clock;
  readonly #refused = new Map<string, Refused>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a question of that source is to be refused without being put to the person. */
  isOver(source: string): boolean {
    return this.#of(source).untilMs > this.#clock.monotonicMs();
  }

  /** The person said no. */
  refused(source: string): void {
    const times = this.#of(source).times + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (times - 1));
    this.#refused.delete(source);
    this.#refused.set(source, { times, untilMs: this.#clock.monotonicMs() + pauseMs });
    // The one that was refused longest ago.
    for (const oldest of this.#refused.keys()) {
      if (this.#refused.size <= maxSources) return;
      this.#refused.delete(oldest);
    }
  }

  /** The person said yes, or asks them. */
  forgive(source: string): void {
    this.#refused.delete(source);
  }

  #of(source: string): Refused {
    const refused = this.#refused.get(source);
    const isPast = !refused || refused.untilMs + forgottenMs < this.#clock.monotonicMs();
    return isPast ? { times: 0, untilMs: 0 } : refused;
  }
}
