// Ages are counted in time that the server ran, by a clock that cannot be set: a wall clock that is years off, or was put
// right after the start, expires nothing. The count goes on where the last start left it.

import type { Clock } from "../core/ports.ts";

export class RunningTime {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #offsetMs: number;

  /** @param ranMs how long the server ran before */
  constructor(ranMs: number, clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
    this.#offsetMs = ranMs - clock.monotonicMs();
  }

  /** Whole milliseconds. */
  nowMs(): number {
    return Math.floor(this.#offsetMs + this.#clock.monotonicMs());
  }
}
