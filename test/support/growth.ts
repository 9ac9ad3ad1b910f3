// Whether work grows with its input or faster: measured on an input and on four times as much of it, so that the machine's
// own speed cancels out. Four times the time is linear, sixteen times is the square.

const runs = 3;
const attempts = 3;
/** Between linear and the square, nearer to the square: caches and the collector cost something too. */
const most = 9;
/** Less than this tells nothing. */
const noiseMs = 12;

/** @param size of the smaller input, for `make`. Undefined where it is linear, else what was measured. */
export function fasterThanLinear<T>(
  size: number,
  make: (size: number) => T,
  work: (input: T) => unknown,
): string | undefined {
  const [small, large] = [make(size), make(4 * size)];
  work(small);
  let told = "";
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const [smallMs, largeMs] = [median(small, work), median(large, work)];
    if (largeMs <= most * smallMs + noiseMs) return undefined;
    told = `${smallMs.toFixed(1)} ms became ${largeMs.toFixed(1)} ms on four times the input`;
  }
  return told;
}

/**
 * Which inputs take longer than `most` times an ordinary one of the same size: linear work can have a large factor. What
 * seems to is measured again, beside the ordinary one.
 */
export function longerThan<T>(
  most: number,
  ordinary: T,
  inputs: Readonly<Record<string, T>>,
  work: (input: T) => unknown,
): string[] {
  const usualMs = median(ordinary, work);
  const isLong = (input: T): boolean => median(input, work) > most * Math.max(noiseMs, median(ordinary, work));
  return Object.entries(inputs)
    .filter(([, input]) => once(input, work) > most * usualMs)
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
