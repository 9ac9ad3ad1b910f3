// What the core has done since it was created, as plain numbers: counting costs an addition, and the metrics read them
// here. They only grow. `Core.census` has the current state.

import type { ErrorCode } from "../../protocol/errors.ts";

export class Counters {
  /** Links that spoke the protocol. */
  connections = 0;
  /** Messages, once for each recipient who was reached or whose mailbox has it. */
  readonly messages = {
    /** Taken by a recipient who was connected. */
    delivered: 0,
    /** Committed to a mailbox. */
    queued: 0,
    /** Taken out of a mailbox by its owner. */
    fetched: 0,
    /** Copies of broadcasts. */
    broadcast: 0,
  };
  /** Messages that a recipient did not acknowledge in time [P-5.1]. */
  pushesUnanswered = 0;
  /** Answers to `auth`: `ok`, or the code of the refusal. */
  readonly signIns = new Map<"ok" | ErrorCode, number>();
  readonly refusals = new Map<ErrorCode, number>();
}

/** The current state. */
export interface Census {
  readonly connections: number;
  readonly sessions: number;
  /** Sessions with an open link. */
  readonly linkedSessions: number;
  /** Messages that were pushed and not acknowledged yet. */
  readonly pushesUnderWay: number;
}

export function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
