// Sends presence [P-4.13, P-6.2, P-6.5] to those who asked for it in `auth`, except to those whom the person blocks.
// Changes are a log with one entry per account, the latest, and each watcher is a cursor over it. A single change is sent
// at once. Many changes are sent together, a quarter of a second later, in one write that all watchers share. A watcher
// that does not keep up is sent less, and then only the latest state.

import { encodeFrame } from "../../../protocol/wire/frame.ts";
import { isCongested } from "../delivery/push-channel.ts";
import type { Blocks, Clock } from "../ports.ts";
import { channelOf } from "./session.ts";
import type { Session } from "./session.ts";

export interface PresenceContext {
  readonly clock: Clock;
  readonly blocks: Pick<Blocks, "has" | "isBlocked">;
  sessions(): Iterable<Session>;
  session(account: number): Session | undefined;
  nextPushId(): number;
}

interface Change {
  readonly seq: number;
  readonly account: number;
  readonly line: string;
}

/** Changes that are sent together, encoded once for all watchers whose cursor is where they begin. */
interface Batch {
  readonly changes: readonly Change[];
  readonly text: string;
  readonly accounts: ReadonlySet<number>;
}

/** The time between two rounds. */
const roundMs = 250;
/** Bound of one write, in UTF-16 units; the rest follows in the next round. */
const maxBatchUnits = 256 * 1_024;

export class Presence {
  readonly #context: PresenceContext;
  /** In the order of their `seq`; an account that changes again moves to the end. */
  readonly #changes = new Map<number, Change>();
  #head = 0;
  /** The latest change that a round has sent to those who can take it. */
  #toldHead = 0;
  /** Monotonic time of that round. */
  #toldAtMs = -Infinity;

  constructor(context: PresenceContext) {
    this.#context = context;
  }

  /** The number of the latest change. */
  get head(): number {
    return this.#head;
  }

  /** The session began, or its presence changed. */
  changed(session: Session): void {
    this.#log(session, present(session));
  }

  /** The session ended. A client of the original protocol is notified if it talked with it. */
  left(session: Session): void {
    this.#log(session, absent(session));
    for (const account of session.partners ?? []) {
      const partner = this.#context.session(account);
      if (!partner || partner.grant.presence) continue;
      partner.partners?.delete(session.account.id);
      if (!this.#isHidden(session.account.id, partner)) this.#tell(partner, absent(session));
    }
  }

  /** `watcher` no longer sees `session`, or sees it again: a block was made or removed. */
  show(watcher: Session, session: Session, visible: boolean): void {
    if (watcher.grant.presence) this.#tell(watcher, visible ? present(session) : absent(session));
  }

  /** Every quarter of a second: sends what was not sent at once. */
  round(): void {
    if (this.#changes.size === 0) return;
    if (this.#toldHead < this.#head) this.#toldAtMs = this.#context.clock.monotonicMs();
    this.#toldHead = this.#head;
    const batches = new Map<number, Batch>();
    let slowest = this.#head;
    for (const watcher of this.#context.sessions()) {
      if (!watcher.grant.presence) continue;
      if (watcher.presenceSeq < this.#head) this.#catchUp(watcher, batches);
      slowest = Math.min(slowest, watcher.presenceSeq);
    }
    for (const [account, { seq }] of this.#changes) {
      if (seq > slowest) break;
      this.#changes.delete(account);
    }
  }

  #log(about: Session, fields: object): void {
    const account = about.account.id;
    this.#head += 1;
    this.#changes.delete(account);
    const line = encodeFrame({ ...fields, id: this.#context.nextPushId() });
    this.#changes.set(account, { seq: this.#head, account, line });
    if (this.#context.clock.monotonicMs() - this.#toldAtMs >= roundMs) this.round();
  }

  #catchUp(watcher: Session, batches: Map<number, Batch>): void {
    const channel = channelOf(watcher);
    if (!channel) {
      // It reads the directory when it returns.
      watcher.presenceSeq = this.#head;
      return;
    }
    if (isCongested(channel)) return;
    let batch = batches.get(watcher.presenceSeq);
    if (!batch) {
      batch = this.#batchAfter(watcher.presenceSeq);
      batches.set(watcher.presenceSeq, batch);
    }
    watcher.presenceSeq = batch.changes.at(-1)?.seq ?? this.#head;
    const { id } = watcher.account;
    if (watcher.link && !batch.accounts.has(id) && !this.#context.blocks.isBlocked(id)) {
      watcher.link.push(batch.text, batch.changes.length);
      return;
    }
    const lines = batch.changes.filter(({ account }) => !this.#isHidden(account, watcher)).map(({ line }) => line);
    if (watcher.link && lines.length > 0) watcher.link.push(lines.join(""), lines.length);
    // On a callback channel each line has a connection of its own.
    else for (const line of lines) channel.push(line);
  }

  #batchAfter(cursor: number): Batch {
    const changes: Change[] = [];
    let units = 0;
    for (const change of this.#changes.values()) {
      if (change.seq <= cursor) continue;
      units += change.line.length;
      if (changes.length > 0 && units > maxBatchUnits) break;
      changes.push(change);
    }
    const text = changes.map(({ line }) => line).join("");
    return { changes, text, accounts: new Set(changes.map(({ account }) => account)) };
  }

  #isHidden(account: number, watcher: Session): boolean {
    return account === watcher.account.id || this.#context.blocks.has(account, watcher.account.id);
  }

  #tell(watcher: Session, fields: object): void {
    channelOf(watcher)?.push(encodeFrame({ ...fields, id: this.#context.nextPushId() }));
  }
}

function present({ account, state, text }: Session): object {
  return { type: "presence", from: account.name, account: account.publicId, state, text };
}

function absent({ account }: Session): object {
  return { type: "offline", from: account.name, account: account.publicId };
}
