// Lets a few pieces of work run at once, and others wait for their turn: first by kind, then one of each group in turn, so
// that nobody waits behind the many of another [P-8.7]. A bounded number waits; beyond it, whoever has most waiting loses one.

import type { PasswordTurn } from "../core/ports.ts";

export interface TurnBounds {
  readonly running: number;
  /** Of each kind. */
  readonly waiting: Readonly<Record<PasswordTurn["kind"], number>>;
}

/** @param go false: there is no turn for it */
type Begin = (go: boolean) => void;

const kinds = ["known", "unknown", "new"] as const;

export class Turns {
  readonly #bounds: TurnBounds;
  readonly #waiting = { known: new Queue(), unknown: new Queue(), new: new Queue() };
  #running = 0;

  constructor(bounds: TurnBounds) {
    this.#bounds = bounds;
  }

  /** @returns undefined when too many wait */
  async take<T>(turn: PasswordTurn, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#running < this.#bounds.running) this.#running += 1;
    else if (!(await this.#wait(turn))) return undefined;
    try {
      return await work();
    } finally {
      const next = this.#next();
      if (next) next(true);
      else this.#running -= 1;
    }
  }

  #next(): Begin | undefined {
    for (const kind of kinds) {
      const begin = this.#waiting[kind].next();
      if (begin) return begin;
    }
    return undefined;
  }

  #wait({ kind, group }: PasswordTurn): Promise<boolean> {
    const queue = this.#waiting[kind];
    return new Promise((begin) => {
      if (queue.size >= this.#bounds.waiting[kind] && !queue.makeRoom(group)) begin(false);
      else queue.add(group, begin);
    });
  }
}

/** Those of one kind, by group. */
class Queue {
  /** In the order in which the groups have their turns. */
  readonly #groups = new Map<string, Begin[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(group: string, begin: Begin): void {
    const waiting = this.#groups.get(group);
    if (waiting) waiting.push(begin);
    else this.#groups.set(group, [begin]);
    this.#size += 1;
  }

  /** Whose turn it is; their group has its next one after all others. */
  next(): Begin | undefined {
    for (const [group, waiting] of this.#groups) {
      const begin = waiting.shift();
      this.#groups.delete(group);
      if (waiting.length > 0) this.#groups.set(group, waiting);
      if (begin) this.#size -= 1;
      return begin;
    }
    return undefined;
  }

  /** The latest of the group that has most loses its place, if that is more than `group` would have. @returns whether one did */
  makeRoom(group: string): boolean {
    let most: [string, Begin[]] | undefined;
    for (const entry of this.#groups) if (!most || entry[1].length > most[1].length) most = entry;
    const own = this.#groups.get(group)?.length ?? 0;
    if (!most || most[1].length <= own + 1) return false;
    const [largest, waiting] = most;
    const last = waiting.pop();
    if (waiting.length === 0) this.#groups.delete(largest);
    this.#size -= 1;
    last?.(false);
    return true;
  }
}
