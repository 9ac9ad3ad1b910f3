// The mailbox of one recipient, as their queue sees it [P-5.3]: what is appended, and how far it has been handed out on the
// current channel. It is open while it may hold messages that have not been handed out; everything later goes behind them
// meanwhile.

import { limits } from "../../../protocol/limits.ts";
import type { Account, Appended, QueuedMessage, Mailbox, ReadBounds, StoredLetter } from "../ports.ts";

/** No queued message is larger: its text, and what it does to an earlier message. */
const maxLetterBytes = limits.maxFrameBytes;
/** No UTF-16 unit takes more in UTF-8. */
const worstBytesPerUnit = 3;

export class Backlog {
  readonly #account: Account;
  readonly #mailbox: Mailbox;
  /** Appends that are not committed yet. */
  #appending = 0;
  /** Something was appended after the last read was requested. */
  #appendedSinceRead = false;
  /** The read in progress: the seqs removed since it was requested, which its result may still contain. */
  #read: Set<number> | undefined;
  /** Seq of the last message that was handed out in its turn. */
  #cursor = 0;
  /** No message after this seq was handed out on the current channel. */
  #frontier = 0;
  /** A different number on each channel. */
  #round = 0;
  #open = true;
  /** The last read reached the end. */
  #atEnd = false;

  constructor(account: Account, mailbox: Mailbox) {
    this.#account = account;
    this.#mailbox = mailbox;
  }

  /** It may hold messages that have not been handed out, now or soon. */
  get open(): boolean {
    return this.#open;
  }

  /** Open only because of messages that were appended while the rest was handed out. */
  get closing(): boolean {
    return this.#open && this.#atEnd;
  }

  /** Appends are in progress. */
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

  /** Starts at the first message again, on a new channel. */
  startOver(): void {
    this.#cursor = this.#frontier = 0;
    this.#round += 1;
    this.#read = undefined;
    this.#atEnd = false;
    this.#open = this.busy || this.#mailbox.mayHold(this.#account.id);
  }

  /** Hands out that message again, and those after it. */
  rewind(seq: number): void {
    this.#cursor = Math.min(this.#cursor, seq - 1);
    this.#open = true;
    this.#atEnd = false;
  }

  /**
   * Reads the next messages. Closes the backlog if none can follow and no append is in progress.
   * @param handOut not called while another read is in progress, nor after `startOver`
   * @param isWanted asked once they have arrived: if not, they are read again later
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
      // Rewound meanwhile: what was read is no longer next.
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

  /** Reads that message alone, out of its turn. @param done not called after `startOver` */
  one(seq: number, done: (letter: StoredLetter | "gone" | "failed") => void): void {
    this.#first(seq - 1, (letter) =>
      done(letter === undefined || (letter !== "failed" && letter.seq !== seq) ? "gone" : letter),
    );
  }

  /** Reads the first message after that one that has not been handed out, out of its turn. @param done as for `one` */
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

/** Whether the read returned less than was asked for, even if one more message were as large as possible. */
function nothingFollows(letters: readonly StoredLetter[], { messages, bytes }: ReadBounds): boolean {
  if (letters.length === 0) return true;
  const units = letters.reduce((sum, { msg, ref }) => sum + msg.length + (ref ? JSON.stringify(ref).length : 0), 0);
  return letters.length < messages && units * worstBytesPerUnit + maxLetterBytes <= bytes;
}
