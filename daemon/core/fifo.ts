// A queue as plain immutable data: an entry is added and taken at the same price however long it is. What was added lies in
// a list, newest first, and is turned round once, when everything before it has been taken.

interface Link<T> {
  readonly value: T;
  readonly before: Link<T> | undefined;
}

export interface Fifo<T> {
  readonly size: number;
  /** The oldest entries; those before `head` were taken. */
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

/** Without its first entry. */
export function rest<T>(queue: Fifo<T>): Fifo<T> {
  if (queue.size <= 1) return emptyFifo;
  const head = queue.head + 1;
  if (head < queue.front.length) return { ...queue, size: queue.size - 1, head };
  const front: T[] = [];
  for (let link = queue.back; link; link = link.before) front.push(link.value);
  return { size: queue.size - 1, front: front.reverse(), head: 0, back: undefined };
}
