// When to reconnect: an immutable policy whose next() returns the following one. Jitter, so that the windows of one person
// do not all start a daemon at the same moment.

import { limits } from "../../protocol/limits.ts";

/** After this many failures in a row, the person is told. */
export const failuresUntilDown = 3;

export class RetryPolicy {
  readonly failures: number;

  constructor(failures = 0) {
    this.failures = failures;
  }

  next(): RetryPolicy {
    return new RetryPolicy(this.failures + 1);
  }

  get isDown(): boolean {
    return this.failures >= failuresUntilDown;
  }

  /** @param chance from 0 to 1 */
  delayMs(chance: number): number {
    const ceiling = Math.min(limits.reconnectMaxMs, limits.reconnectMinMs * 2 ** Math.max(0, this.failures - 1));
    return Math.round(ceiling / 2 + (ceiling / 2) * chance);
  }
}
