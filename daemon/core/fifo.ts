// A queue as plain immutable data. Adding and removing an entry costs the same however long the queue is (amortised): new
// entries go into a list, newest first, which is reversed once when all entries before it have been removed.

interface Link<T> {
  readonly value: T;
  readonly before: Link<T> | undefined;
}

export interface Fifo<T> {
  readonly size: number;
  /** The oldest entries; those before `head` have been removed. */
  readonly front: readonly T[];
  readonly head: number;
  readonly back: Link<T> | undefined;
}

export const emptyFifo: Fifo<never> = { size: 0, front: [], head: 0, back: undefined };

export function append<T>(queue: Fifo<T>, value: T): Fifo<T> {
  if (queue.size === 0) return { size: 1, front: [value], head: 0, back: undefined };
  return { ...queue, size: queue.size + 1, back: { value, before: queue.back } };
}

export function first<T>(queue: Fifo<T>): T | undefined {
  return queue.front[queue.head];
}

/** Returns the queue without its first entry. */
export function rest<T>(queue: Fifo<T>): Fifo<T> {
  if (queue.size <= 1) return emptyFifo;
  const head = queue.head + 1;
  if (head < queue.front.length) return { ...queue, size: queue.size - 1, head };
  const front: T[] = [];
  for (let link = queue.back; link; link = link.before) front.push(link.value);
  return { size: queue.size - 1, front: front.reverse(), head: 0, back: undefined };
}
