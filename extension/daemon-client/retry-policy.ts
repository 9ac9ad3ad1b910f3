// When to connect again: an immutable policy whose next() answers the next one. With chance in it, so that the windows of
// one person do not all start a daemon at the same moment.

import { jitteredBackoffMs } from "../../protocol/backoff.ts";
import { limits } from "../../protocol/limits.ts";

const bounds = { firstMs: limits.reconnectMinMs, maxMs: limits.reconnectMaxMs };

/** After so many failures in a row a person is told. */
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
    return jitteredBackoffMs(bounds, Math.max(0, this.failures - 1), chance);
  }
}
