// How long to wait after a failure before the next attempt: twice as long each time, up to a bound.

export interface BackoffBounds {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** @param failures before the last one; 0: it was the first */
export function backoffMs({ firstMs, maxMs }: BackoffBounds, failures: number): number {
  return Math.min(maxMs, firstMs * 2 ** failures);
}

/**
 * With chance in it, so that those who failed at the same moment do not all come back at once.
 * @param random from 0 to 1 @returns from half of `backoffMs` to all of it
 */
export function jitteredBackoffMs(bounds: BackoffBounds, failures: number, random: number): number {
  const ceilingMs = backoffMs(bounds, failures);
  return Math.round(ceilingMs / 2 + (random * ceilingMs) / 2);
}
