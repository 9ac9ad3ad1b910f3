// Runs a few pieces of password work at once while others wait [P-8.7]: those of known people before those of strangers,
// and these before new accounts, but each kind gets at least one of every eight turns. Within a kind, address groups take
// turns. If all places are taken, the group with the most waiting loses one, so that a flood locks out only itself.

import type { PasswordTurn } from "../core/ports.ts";
import { FairQueue } from "./fair-queue.ts";

type Kind = PasswordTurn["kind"];

export interface TurnLimits {
  readonly running: number;
  /** Over all groups and kinds. */
  readonly waiting: number;
  /** Per group. */
  readonly waitingOfGroup: Readonly<Record<Kind, number>>;
}

interface Waiting {
  readonly turn: PasswordTurn;
  /** @param go false: it is rejected */
  begin(go: boolean): void;
}

const kinds = ["known", "unknown", "new"] as const satisfies readonly Kind[];
/** The kind that owns each of eight turns. If none of that kind waits, the turn goes to the first kind that does. */
const round = ["known", "known", "unknown", "known", "known", "new", "known", "known"] as const;

/** The weight of one waiting entry when places are short. */
const weights: Readonly<Record<Kind, number>> = { known: 1, unknown: 8, new: 16 };

export class ConcurrencyLimit {
  readonly #limits: TurnLimits;
  readonly #queues: Readonly<Record<Kind, FairQueue<Waiting>>> = {
    known: new FairQueue(),
    unknown: new FairQueue(),
    new: new FairQueue(),
  };
  #running = 0;
  #turn = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** @returns undefined if it was rejected: too many wait, or the client has left meanwhile */
  async take<T>(turn: PasswordTurn, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#running < this.#limits.running) this.#running += 1;
    else if (!(await this.#wait(turn))) return undefined;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  async #wait(turn: PasswordTurn): Promise<boolean> {
    const queue = this.#queues[turn.kind];
    if (queue.sizeOf(turn.group) >= this.#limits.waitingOfGroup[turn.kind]) return false;
    if (this.#waiting >= this.#limits.waiting && !this.#makeRoomFor(turn)) return false;
    return new Promise((resolve) => queue.push(turn.group, { turn, begin: resolve }));
  }

  get #waiting(): number {
    return kinds.reduce((sum, kind) => sum + this.#queues[kind].size, 0);
  }

  /** Rejects the last entry of the heaviest group, unless that is the caller's own. */
  #makeRoomFor({ kind, group }: PasswordTurn): boolean {
    let most: { line?: readonly [Kind, string]; weight: number } = {
      weight: weights[kind] * (this.#queues[kind].sizeOf(group) + 1),
    };
    for (const other of kinds) {
      const longest = this.#queues[other].longest() ?? "";
      const weight = weights[other] * this.#queues[other].sizeOf(longest);
      if (weight > most.weight) most = { line: [other, longest], weight };
    }
    if (!most.line || (most.line[0] === kind && most.line[1] === group)) return false;
    this.#queues[most.line[0]].pop(most.line[1])?.begin(false);
    return true;
  }

  /** One has ended: its place goes to the next in turn. Clients that have left are skipped. */
  #next(): void {
    for (let next = this.#take(); next; next = this.#take()) {
      const gone = next.turn.gone?.() === true;
      next.begin(!gone);
      if (!gone) return;
    }
    this.#running -= 1;
  }

  #take(): Waiting | undefined {
    const kind = round[this.#turn % round.length] ?? "known";
    const found = [kind, ...kinds].find((each) => this.#queues[each].size > 0);
    if (found === undefined) return undefined;
    this.#turn += 1;
    return this.#queues[found].shift();
  }
}
