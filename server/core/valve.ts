// When requests are read from a link: not while it is held (one is served behind which nothing may be read yet, or the server
// stops), while too many have no answer, or while a budget is overdrawn [P-8.6].

import type { Budget } from "./budget.ts";
import type { Link } from "./ports.ts";

/** Requests without answer before no more are read, and the rest at which they are again. */
const maxPending = 1_024;
const resumePending = 512;

export class Valve {
  readonly #link: Pick<Link, "pause" | "resume">;
  #holds = 0;
  #crowded = false;
  /** Overdrawn: nothing is read until it is paid. */
  #debt: Budget | undefined;

  constructor(link: Pick<Link, "pause" | "resume">) {
    this.#link = link;
  }

  /** Nothing is read until as many `release`. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds === 1) this.#link.pause();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#link.resume();
  }

  /** @param pending requests that have no answer now */
  count(pending: number): void {
    if (!this.#crowded && pending >= maxPending) {
      this.#crowded = true;
      this.hold();
    } else if (this.#crowded && pending <= resumePending) {
      this.#crowded = false;
      this.release();
    }
  }

  /** @param budget is overdrawn */
  owe(budget: Budget): void {
    if (!this.#debt) this.hold();
    this.#debt = budget;
  }

  sweep(nowMs: number): void {
    if (this.#debt?.allows(nowMs) !== true) return;
    this.#debt = undefined;
    this.release();
  }
}
