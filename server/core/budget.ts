// How hasty a session may be [P-8.6]: a bucket of requests that refills with time. It may be overdrawn, because nothing is
// refused for haste alone: whoever overdrew it is read from again when the debt is paid.

import { limits } from "../../protocol/limits.ts";

export class Budget {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #atMs: number;

  /** @param perSecond 0: no limit */
  constructor(perSecond: number, nowMs: number) {
    this.#perMs = perSecond / 1_000;
    this.#most = perSecond * limits.requestBurstSeconds;
    this.#left = this.#most;
    this.#atMs = nowMs;
  }

  /** One request came. @returns whether it was within the limit */
  spend(nowMs: number): boolean {
    if (this.#most === 0) return true;
    this.#refill(nowMs);
    this.#left -= 1;
    return this.#left >= 0;
  }

  /** Whether the next request would be within the limit. */
  allows(nowMs: number): boolean {
    if (this.#most === 0) return true;
    this.#refill(nowMs);
    return this.#left >= 1;
  }

  #refill(nowMs: number): void {
    this.#left = Math.min(this.#most, this.#left + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
  }
}
