// Virtual time and the one queue of all future events. Between two events, all promises that can proceed do so, in a turn
// of the real event loop in which nothing else is due. So a run depends only on its seed.

/** An owner whose events stop with it. */
export interface Owner {
  readonly alive: boolean;
  /** Until then nothing of it runs: the machine sleeps, or is very busy. */
  readonly stalledUntilMs: number;
}

export interface Scheduled {
  /** Cancels the event. Idempotent. */
  dispose(): void;
}

interface Event {
  atMs: number;
  order: number;
  readonly owner: Owner | undefined;
  run: (() => void) | undefined;
}

const realImmediate = setImmediate;

export class Scheduler {
  nowMs = 0;
  /** The owner of the current event. */
  current: Owner | undefined;
  /** How many events have run. */
  count = 0;
  /** Called if an event throws: in a real process that would be its end. */
  onThrow: (error: unknown, owner: Owner | undefined) => void = (error) => {
    throw error;
  };
  readonly #heap: Event[] = [];
  #order = 0;

  after(delayMs: number, owner: Owner | undefined, run: () => void): Scheduled {
    return this.at(this.nowMs + Math.max(0, delayMs), owner, run);
  }

  /** Schedules an event. If its owner is not alive (any more), nothing happens. */
  at(atMs: number, owner: Owner | undefined, run: () => void): Scheduled {
    const event: Event = { atMs: whole(atMs), order: this.#order++, owner, run };
    if (owner?.alive !== false) this.#push(event);
    return { dispose: () => (event.run = undefined) };
  }

  /** Runs events until that time, or until `isDone` (called after every event) returns true. */
  async run(untilMs: number, isDone: () => boolean = () => false): Promise<void> {
    for (;;) {
      const event = this.#heap[0];
      if (!event || event.atMs > untilMs) break;
      this.#pop();
      const { owner, run } = event;
      if (!run || owner?.alive === false) continue;
      this.nowMs = event.atMs;
      if (owner && owner.stalledUntilMs > this.nowMs) {
        event.atMs = whole(owner.stalledUntilMs);
        this.#push(event);
        continue;
      }
      this.current = owner;
      this.count += 1;
      try {
        run();
      } catch (error) {
        this.onThrow(error, owner);
      }
      await new Promise((resolve) => realImmediate(resolve));
      this.current = undefined;
      if (isDone()) return;
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** The rest of the current event, and the promises that follow from it, belong to that owner. */
  become(owner: Owner): void {
    this.current = owner;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const up = (at - 1) >>> 1;
      const parent = heap[up];
      if (!parent || !isBefore(event, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let child = heap[down];
      const right = heap[down + 1];
      if (child && right && isBefore(right, child)) {
        child = right;
        down += 1;
      }
      if (!child || !isBefore(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
  }
}

/**
 * Times are multiples of a power of two, so that their sums and differences are exact and no timer fires slightly early.
 */
function whole(ms: number): number {
  return Math.ceil(ms * 1_024) / 1_024;
}

function isBefore(left: Event, right: Event): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}
