// One timer that is set repeatedly: the earliest time wins.

import type { Clock, Timer } from "../../../base/clock.ts";

export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #set: { readonly timer: Timer; readonly atMs: number } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at that monotonic time, or earlier if it was set so. @param atMs Infinity: changes nothing */
  set(atMs: number): void {
    if (atMs === Infinity || (this.#set && this.#set.atMs <= atMs)) return;
    this.dispose();
    const delayMs = Math.max(atMs - this.#clock.monotonicMs(), 0);
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#set = undefined;
      this.#ring();
    });
    this.#set = { timer, atMs };
  }

  /** Stops the alarm until it is set again. */
  dispose(): void {
    this.#set?.timer.dispose();
    this.#set = undefined;
  }
}
