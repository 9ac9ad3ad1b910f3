// Waits for a condition instead of for a time: probes repeatedly, and gives up at a deadline with a description of the
// condition.
import { setTimeout as wait } from "node:timers/promises";

const pollMs = 50;

export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Returns the first value of `probe` other than `undefined`. A probe that throws is retried too; at the deadline its error
 * is the cause of the DeadlineError.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  deadlineMs: number,
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= endMs) {
      throw new DeadlineError(`waited ${deadlineMs} ms in vain for ${what}`, cause === undefined ? {} : { cause });
    }
    await wait(pollMs);
  }
}
