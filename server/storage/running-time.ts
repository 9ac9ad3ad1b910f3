// Ages are counted in running time: the time that the server has run, by a clock that cannot be set. So nothing expires
// because a wall clock is years off, or is corrected after the start. The count continues from where the last start left
// it.

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
