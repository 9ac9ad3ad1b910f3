// One attempt to establish a direct link to a person. It settles once: with the link, no matter which end dialled it, or
// with the reason why there is none.

import type { Clock, Timer } from "../../base/clock.ts";
import type { Failure } from "../../protocol/errors.ts";

export type Connected = { readonly ok: true; readonly address: string } | Failure;

export class Attempt {
  readonly #clock: Clock;
  #deadline: Timer | undefined;
  #resolve: (outcome: Connected) => void = () => undefined;
  #settled = false;
  readonly outcome: Promise<Connected>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.outcome = new Promise((resolve) => (this.#resolve = resolve));
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Settles the attempt. Only the first outcome counts. */
  settle(outcome: Connected): void {
    this.#settled = true;
    this.#deadline?.dispose();
    this.#resolve(outcome);
  }

  /** Settles the attempt with `otherwise` after that time. Replaces an earlier deadline. */
  within(delayMs: number, otherwise: Failure): void {
    this.#deadline?.dispose();
    if (!this.#settled) this.#deadline = this.#clock.setTimer(delayMs, () => this.settle(otherwise));
  }
}
