// Waiting for a condition instead of for a time: probe, probe again soon, give up at a deadline and say what for.
import { setTimeout as wait } from "node:timers/promises";

const pollMs = 50;

export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Answers the first value other than `undefined` that `probe` gives. A probe that throws is tried again too; at the
 * deadline its error is the cause of the DeadlineError.
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
