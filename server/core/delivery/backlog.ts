// The mailbox of one recipient, as their queue sees it [P-5.3]: what is appended, and how far it was handed out on the present
// channel. It is open while it may hold letters that were not handed out; everything later goes behind them meanwhile.

import { limits } from "../../../protocol/limits.ts";
import type { Account, Appended, QueuedMessage, Mailbox, ReadBounds, StoredLetter } from "../ports.ts";

/** No letter has more: its text, and what it does to an earlier one. */
const maxLetterBytes = limits.maxFrameBytes;
/** No UTF-16 unit takes more in UTF-8. */
const worstBytesPerUnit = 3;

export class Backlog {
  readonly #account: Account;
  readonly #mailbox: Mailbox;
  /** Appends that are not committed yet. */
  #appending = 0;
  /** Something was appended after the last read was asked for. */
  #appendedSinceRead = false;
  /** The read under way, with what was removed since it was asked for and may be among what it brings. */
  #read: Set<number> | undefined;
  /** The last letter that was handed out in its turn. */
  #cursor = 0;
  /** No letter behind that one was handed out on the present channel. */
  #frontier = 0;
  /** Another number on each channel. */
  #round = 0;
  #open = true;
  /** The last read came to the end. */
  #atEnd = false;

  constructor(account: Account, mailbox: Mailbox) {
    this.#account = account;
    this.#mailbox = mailbox;
  }

  /** It may hold letters that were not handed out yet, or will. */
  get open(): boolean {
    return this.#open;
  }

  /** Open only for what was appended while the rest was handed out. */
  get closing(): boolean {
    return this.#open && this.#atEnd;
  }

  /** Appends are on their way. */
  get busy(): boolean {
    return this.#appending > 0;
  }

  append(letter: QueuedMessage, done: (appended: Appended) => void): void {
    this.#open = true;
    this.#appending += 1;
    this.#mailbox.append(this.#account.id, letter, (appended) => {
      this.#appending -= 1;
      this.#appendedSinceRead = true;
      done(appended);
    });
  }

  /** On a new channel: from the first letter on. */
  startOver(): void {
    this.#cursor = this.#frontier = 0;
    this.#round += 1;
    this.#read = undefined;
    this.#atEnd = false;
    this.#open = this.busy || this.#mailbox.mayHold(this.#account.id);
  }

  /** That letter is handed out again, and what comes behind it. */
  rewind(seq: number): void {
    this.#cursor = Math.min(this.#cursor, seq - 1);
    this.#open = true;
    this.#atEnd = false;
  }

  /**
   * The next letters. Closes the backlog if none can follow and none are on their way.
   * @param handOut not called while another read is under way, nor after `startOver`
   * @param isWanted asked when they are there: if not, they are read again later
   */
  next(
    bounds: ReadBounds,
    isWanted: () => boolean,
    handOut: (letters: readonly StoredLetter[] | "failed") => void,
  ): void {
    if (this.#read) return;
    const removed = new Set<number>();
    this.#read = removed;
    this.#appendedSinceRead = false;
    const cursor = this.#cursor;
    this.#mailbox.read(this.#account.id, cursor, bounds, (letters) => {
      if (this.#read !== removed) return;
      this.#read = undefined;
      // Rewound meanwhile: what was read is not next any more.
      if (letters !== "failed" && (!isWanted() || this.#cursor !== cursor)) return;
      if (letters !== "failed") {
        this.#cursor = letters.at(-1)?.seq ?? cursor;
        this.#frontier = Math.max(this.#frontier, this.#cursor);
        this.#atEnd = nothingFollows(letters, bounds);
        if (this.#atEnd && !this.busy && !this.#appendedSinceRead) this.#open = false;
      }
      handOut(letters === "failed" ? letters : letters.filter(({ seq }) => !removed.has(seq)));
    });
  }

  /** That one alone, out of its turn. @param done not called after `startOver` */
  one(seq: number, done: (letter: StoredLetter | "gone" | "failed") => void): void {
    this.#first(seq - 1, (letter) =>
      done(letter === undefined || (letter !== "failed" && letter.seq !== seq) ? "gone" : letter),
    );
  }

  /** The first behind that one that was not handed out, out of its turn. @param done as for `one` */
  untried(afterSeq: number, done: (letter: StoredLetter | "gone" | "failed") => void): void {
    this.#first(Math.max(afterSeq, this.#frontier), (letter) => {
      if (letter !== undefined && letter !== "failed") this.#frontier = Math.max(this.#frontier, letter.seq);
      done(letter ?? "gone");
    });
  }

  remove(seq: number): void {
    this.#read?.add(seq);
    this.#mailbox.remove(this.#account.id, seq);
  }

  #first(afterSeq: number, done: (letter: StoredLetter | "failed" | undefined) => void): void {
    const round = this.#round;
    this.#mailbox.read(this.#account.id, afterSeq, { messages: 1, bytes: 1 }, (letters) => {
      if (this.#round === round) done(letters === "failed" ? letters : letters[0]);
    });
  }
}

/** What was read is less than was asked for, even if one more letter were as large as can be. */
function nothingFollows(letters: readonly StoredLetter[], { messages, bytes }: ReadBounds): boolean {
  if (letters.length === 0) return true;
  const units = letters.reduce((sum, { msg, ref }) => sum + msg.length + (ref ? JSON.stringify(ref).length : 0), 0);
  return letters.length < messages && units * worstBytesPerUnit + maxLetterBytes <= bytes;
}
