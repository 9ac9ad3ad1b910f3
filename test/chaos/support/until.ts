// Waits for conditions that can only be polled (a file, a process's memory). Events are awaited instead.

import { setTimeout as later } from "node:timers/promises";

/** @throws if the condition is not met after `withinMs` */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 15_000,
): Promise<T> {
  const startMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() - startMs > withinMs) throw new Error(`not so within ${withinMs} ms: ${what}`);
    await later(10);
  }
}

/** @throws if `wanted` takes longer */
export async function within<T>(what: string | (() => string), ms: number, wanted: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${typeof what === "string" ? what : what()}`)), ms);
  });
  try {
    return await Promise.race([wanted, late]);
  } finally {
    clearTimeout(timer);
  }
}
