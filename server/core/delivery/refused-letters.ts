// Messages of one mailbox that the client refused for now [P-5.2]. Two causes look alike at first: the client can take
// nothing (its disk is full), or it cannot take this message. So everything waits behind a refused message, which is tried
// again. If a later one is accepted although this one was refused, this one is the cause: it is set aside and tried on its
// own, less and less often, while the rest goes on. Kept for one channel only: another device may take everything.

import { backoffMs } from "../../../protocol/backoff.ts";

interface RefusedLetter {
  refusals: number;
  /** Monotonic milliseconds; Infinity: it waits for its answer, or is not tried again on this channel. */
  retryMs: number;
  aside: boolean;
}

const retries = { firstMs: 10_000, maxMs: 10 * 60 * 1_000 };

/** Shared, and never written to. */
const nothingRefused = new Map<number, RefusedLetter>();

export class RefusedLetters {
  /** Created when it is needed: most clients never refuse anything. */
  #bySeq: Map<number, RefusedLetter> = nothingRefused;
  /** How many are not set aside. */
  #inTheWay = 0;
  #highest = 0;
  /** No message that was set aside is due before this. */
  #nextDueMs = Infinity;

  /** Whether everything waits behind a refused message. */
  get blocks(): boolean {
    return this.#inTheWay > 0;
  }

  /** No message after this seq was refused. */
  get highest(): number {
    return this.#highest;
  }

  /** @returns how often it was refused */
  refused(seq: number, nowMs: number): number {
    const letter = this.#entry(seq);
    letter.refusals += 1;
    this.#retry(letter, nowMs + backoffMs(retries, letter.refusals - 1));
    return letter.refusals;
  }

  /** Trying again on this channel would not help. */
  refusedForGood(seq: number): void {
    const letter = this.#entry(seq);
    this.#stepAside(letter);
    letter.retryMs = Infinity;
  }

  /**
   * The client accepted that message. If it had refused it before, it can take everything again. Otherwise the refused ones
   * before it were the cause themselves. After a message that was set aside, so were all that block: it was tried after
   * them.
   * @param seq 0: it was not in the mailbox, and came after all that were
   * @returns whether nothing waits any more
   */
  accepted(seq: number): boolean {
    if (this.#bySeq.size === 0) return false;
    const blocked = this.#inTheWay > 0;
    const known = this.#bySeq.get(seq);
    this.#bySeq.delete(seq);
    if (known?.aside === false) this.#inTheWay -= 1;
    const wasAside = known?.aside === true;
    for (const [refusedSeq, letter] of this.#bySeq) {
      if (letter.aside || (seq > 0 && !known && refusedSeq > seq)) continue;
      this.#stepAside(letter);
      if (known && !wasAside) this.#bySeq.delete(refusedSeq);
    }
    return blocked && this.#inTheWay === 0;
  }

  /** Whether that message is not handed out in its turn, because it was set aside. */
  isAside(seq: number): boolean {
    return this.#bySeq.get(seq)?.aside === true;
  }

  /** Of the blocking messages except that one, the one that was refused least often. */
  leastRefused(exceptSeq: number): number | undefined {
    let least: { readonly seq: number; readonly refusals: number } | undefined;
    for (const [seq, { aside, refusals }] of this.#bySeq) {
      if (aside || seq === exceptSeq) continue;
      if (!least || refusals < least.refusals || (refusals === least.refusals && seq < least.seq)) {
        least = { seq, refusals };
      }
    }
    return least?.seq;
  }

  /**
   * A message that was set aside and may be tried now: the one that was refused least often, which is most likely to be
   * accepted. It is not due again until it has been refused again, or until `postpone`.
   */
  takeDue(nowMs: number): number | undefined {
    if (nowMs < this.#nextDueMs) return undefined;
    let due: { readonly seq: number; readonly letter: RefusedLetter } | undefined;
    for (const [seq, letter] of this.#bySeq) {
      if (!letter.aside || letter.retryMs > nowMs) continue;
      if (!due || letter.refusals < due.letter.refusals) due = { seq, letter };
    }
    if (due) due.letter.retryMs = Infinity;
    this.#nextDueMs = Infinity;
    for (const { aside, retryMs } of this.#bySeq.values()) {
      if (aside) this.#nextDueMs = Math.min(this.#nextDueMs, retryMs);
    }
    return due?.seq;
  }

  /** Whether one that was set aside is due, and was refused less often than that one. */
  isOneDueBefore(seq: number, nowMs: number): boolean {
    const refusals = this.#bySeq.get(seq)?.refusals ?? 0;
    if (nowMs < this.#nextDueMs) return false;
    return [...this.#bySeq.values()].some((each) => each.aside && each.retryMs <= nowMs && each.refusals < refusals);
  }

  /** It was due, but could not be tried. */
  postpone(seq: number, untilMs: number): void {
    const letter = this.#bySeq.get(seq);
    if (letter) this.#retry(letter, untilMs);
  }

  /** It is no longer in the mailbox. */
  forget(seq: number): void {
    if (this.#bySeq.get(seq)?.aside === false) this.#inTheWay -= 1;
    this.#bySeq.delete(seq);
  }

  clear(): void {
    this.#bySeq.clear();
    this.#inTheWay = this.#highest = 0;
    this.#nextDueMs = Infinity;
  }

  #retry(letter: RefusedLetter, retryMs: number): void {
    letter.retryMs = retryMs;
    if (letter.aside) this.#nextDueMs = Math.min(this.#nextDueMs, retryMs);
  }

  #stepAside(letter: RefusedLetter): void {
    if (letter.aside) return;
    letter.aside = true;
    this.#inTheWay -= 1;
    this.#nextDueMs = Math.min(this.#nextDueMs, letter.retryMs);
  }

  #entry(seq: number): RefusedLetter {
    let letter = this.#bySeq.get(seq);
    if (!letter) {
      letter = { refusals: 0, retryMs: Infinity, aside: false };
      if (this.#bySeq === nothingRefused) this.#bySeq = new Map();
      this.#bySeq.set(seq, letter);
      this.#inTheWay += 1;
      this.#highest = Math.max(this.#highest, seq);
    }
    return letter;
  }
}
