// Letters of one mailbox that its client refused for now [P-5.2]. Two causes look alike at first: the client can take
// nothing (its disk is full), or it cannot take this letter. So a refused letter is tried again first, and everything waits
// behind it, until a later one was accepted: then the letter itself is the cause, and it steps aside and is tried alone,
// less and less often, while the rest goes on. Kept for one channel only: another device may take everything.

export interface RefusedLetter {
  refusals: number;
  /** Monotonic milliseconds; Infinity: not on this channel. */
  retryMs: number;
  aside: boolean;
}

const firstRetryMs = 10_000;
const maxRetryMs = 10 * 60 * 1_000;

export class RefusedLetters {
  readonly #bySeq = new Map<number, RefusedLetter>();
  /** Of those that are not aside. */
  #inTheWay = 0;

  /** Whether everything waits behind a refused letter. */
  get blocks(): boolean {
    return this.#inTheWay > 0;
  }

  /** @returns how often it was refused */
  refused(seq: number, nowMs: number): number {
    const letter = this.#entry(seq);
    letter.refusals += 1;
    letter.retryMs = nowMs + Math.min(maxRetryMs, firstRetryMs * 2 ** (letter.refusals - 1));
    return letter.refusals;
  }

  /** Asking again on this channel would not help. */
  refusedForGood(seq: number): void {
    const letter = this.#entry(seq);
    if (!letter.aside) this.#inTheWay -= 1;
    letter.aside = true;
    letter.retryMs = Infinity;
  }

  /**
   * The client took that letter. If it had refused it, it can take everything again; else those before it were refused for
   * what they are. @param seq 0: it was in no mailbox
   */
  accepted(seq: number): void {
    const known = this.#bySeq.get(seq);
    this.#bySeq.delete(seq);
    if (known?.aside === false) this.#inTheWay -= 1;
    if (this.#inTheWay === 0) return;
    for (const [refusedSeq, letter] of this.#bySeq) {
      if (letter.aside) continue;
      if (known) this.#bySeq.delete(refusedSeq);
      else if (seq > 0 && refusedSeq > seq) continue;
      letter.aside = true;
      this.#inTheWay -= 1;
    }
  }

  /** Whether that letter is not handed out in its turn, because it stepped aside. */
  isAside(seq: number): boolean {
    return this.#bySeq.get(seq)?.aside === true;
  }

  /** One that stepped aside and may be tried now. It is not due again before it was refused again. */
  takeDue(nowMs: number): number | undefined {
    for (const [seq, letter] of this.#bySeq) {
      if (!letter.aside || letter.retryMs > nowMs) continue;
      letter.retryMs = nowMs + maxRetryMs;
      return seq;
    }
    return undefined;
  }

  clear(): void {
    this.#bySeq.clear();
    this.#inTheWay = 0;
  }

  #entry(seq: number): RefusedLetter {
    let letter = this.#bySeq.get(seq);
    if (!letter) {
      letter = { refusals: 0, retryMs: 0, aside: false };
      this.#bySeq.set(seq, letter);
      this.#inTheWay += 1;
    }
    return letter;
  }
}
