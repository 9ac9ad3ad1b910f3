// When to try a lost server again [P-8.4]: twice as late each time, up to a bound, with chance in it, so that the clients
// of a server that restarts do not come back all at once.

import { jitteredBackoffMs } from "../../protocol/backoff.ts";
import { limits } from "../../protocol/limits.ts";

const bounds = { firstMs: 2 * limits.reconnectMinMs, maxMs: limits.reconnectMaxMs };

/** Immutable: `next` answers the wait and the policy after it. */
export class Backoff {
  static readonly first = new Backoff(0);

  readonly #failures: number;

  private constructor(failures: number) {
    this.#failures = failures;
  }

  /** @param random from 0 to below 1 @returns a wait of 0.5 to 30 s */
  next(random: number): { readonly delayMs: number; readonly policy: Backoff } {
    return { delayMs: jitteredBackoffMs(bounds, this.#failures, random), policy: new Backoff(this.#failures + 1) };
  }
}
