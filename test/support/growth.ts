// Checks whether work grows faster than its input: measured on an input and on one four times as large, so that the speed
// of the machine cancels out. Four times the time is linear, sixteen times is quadratic.

const runs = 3;
const attempts = 3;
/** Between linear and quadratic, nearer to quadratic, because caches and the garbage collector cost something too. */
const maxFactor = 9;
/** Smaller differences mean nothing. */
const noiseMs = 12;

/** Returns undefined if the work is linear, else the measured times. @param size of the smaller input, for `make` */
export function fasterThanLinear<T>(
  size: number,
  make: (size: number) => T,
  work: (input: T) => unknown,
): string | undefined {
  const [small, large] = [make(size), make(4 * size)];
  work(small);
  let measured = "";
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const [smallMs, largeMs] = [median(small, work), median(large, work)];
    if (largeMs <= maxFactor * smallMs + noiseMs) return undefined;
    measured = `${smallMs.toFixed(1)} ms became ${largeMs.toFixed(1)} ms on four times the input`;
  }
  return measured;
}

/**
 * Returns the inputs that take more than `maxFactor` times as long as an ordinary one of the same size, because linear work can
 * have a large factor. Suspects are measured again, next to the ordinary one.
 */
export function longerThan<T>(
  maxFactor: number,
  ordinary: T,
  inputs: Readonly<Record<string, T>>,
  work: (input: T) => unknown,
): string[] {
  const usualMs = median(ordinary, work);
  const isLong = (input: T): boolean => median(input, work) > maxFactor * Math.max(noiseMs, median(ordinary, work));
  return Object.entries(inputs)
    .filter(([, input]) => once(input, work) > maxFactor * usualMs)
    .filter(([, input]) => Array.from({ length: attempts }, () => isLong(input)).every(Boolean))
    .map(([name]) => name);
}

function median<T>(input: T, work: (input: T) => unknown): number {
  const times = Array.from({ length: runs }, () => once(input, work));
  return times.sort((a, b) => a - b)[runs >> 1] ?? 0;
}

/** In milliseconds. */
function once<T>(input: T, work: (input: T) => unknown): number {
  const startMs = performance.now();
  work(input);
  return performance.now() - startMs;
}
