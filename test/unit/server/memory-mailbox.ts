// Mailboxes in memory: nothing is on a disk, and what a store would do later happens when `commit` is called. Like a store
// in its own thread, it does a job in one step and reports it in the next, and much may happen in between.

import type { AccountId, MessageId, UserName } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { DeliveryOutcome } from "../../../protocol/wire/messages.ts";
import type {
  Account,
  Appended,
  QueuedMessage,
  Mailbox,
  ReadBounds,
  StoredLetter,
} from "../../../server/core/ports.ts";
import type { MemoryOutcomes } from "./memory-outcomes.ts";
import type { Disk } from "./memory-ports.ts";

interface Stored {
  readonly account: number;
  readonly letter: StoredLetter;
}

/** A requested operation. `run` performs it and returns the function that reports its result. */
interface Job {
  readonly account: number;
  readonly run: () => () => void;
}

export class MemoryMailbox implements Mailbox {
  readonly #disk: Disk;
  readonly #outcomes: MemoryOutcomes;
  readonly #nameOf: (account: number) => Account | undefined;
  /** While this is set, nothing is committed or reported: a slow disk. */
  stuck = false;
  #letters: Stored[] = [];
  #asked: Job[] = [];
  #done: { readonly account: number; readonly tell: () => void }[] = [];
  #lastSeq = 0;

  constructor(disk: Disk, outcomes: MemoryOutcomes, nameOf: (account: number) => Account | undefined) {
    this.#disk = disk;
    this.#outcomes = outcomes;
    this.#nameOf = nameOf;
  }

  mayHold(account: number): boolean {
    return [...this.#letters, ...this.#asked, ...this.#done].some((entry) => entry.account === account);
  }

  append(account: number, letter: QueuedMessage, done: (appended: Appended) => void): void {
    this.#ask(account, () => this.#put(account, letter), done);
  }

  read(
    account: number,
    afterSeq: number,
    bounds: ReadBounds,
    done: (letters: readonly StoredLetter[] | "failed") => void,
  ): void {
    this.#ask(account, () => (this.#disk.works ? this.#read(account, afterSeq, bounds) : "failed"), done);
  }

  holds(account: number, sender: number, mid: MessageId, done: (holds: boolean | "failed") => void): void {
    this.#ask(account, () => (this.#disk.works ? this.#find(account, sender, mid) !== undefined : "failed"), done);
  }

  remove(account: number, seq: number): void {
    const remove = () => this.#drop((entry) => entry.account === account && entry.letter.seq === seq, "delivered");
    this.#ask(account, remove, () => undefined);
  }

  /** Removes all letters, as if they had expired. */
  expireAll(): void {
    this.#drop(() => true, "expired");
  }

  /** The process was killed: what is not committed is lost. */
  kill(): void {
    this.#asked = [];
    this.#done = [];
  }

  /** The texts in somebody's mailbox. */
  texts(account: number): string[] {
    return this.#letters.filter((entry) => entry.account === account).map(({ letter }) => letter.msg);
  }

  /** Performs requested jobs, and reports those that were performed before. @returns whether there were any */
  commit(): boolean {
    if (this.stuck) return false;
    const [asked, done] = [this.#asked, this.#done];
    this.#asked = [];
    this.#done = asked.map(({ account, run }) => ({ account, tell: run() }));
    for (const { tell } of done) tell();
    return asked.length + done.length > 0;
  }

  #ask<Result>(account: number, work: () => Result, done: (result: Result) => void): void {
    const run = () => {
      const result = work();
      return () => done(result);
    };
    this.#asked.push({ account, run });
  }

  #put(account: number, letter: QueuedMessage): Appended {
    if (!this.#disk.works) return { kind: "failed" };
    const known = this.#find(account, letter.sender, letter.mid);
    if (known) return { kind: "known", seq: known.letter.seq };
    const mine = this.#letters.filter((entry) => entry.account === account);
    const bytes = (stored: readonly Stored[]) => stored.reduce((sum, entry) => sum + entry.letter.msg.length, 0);
    const full = mine.length >= limits.maxMailboxMessages || bytes(mine) + letter.msg.length > limits.maxMailboxBytes;
    if (full) return { kind: "full" };
    const own = mine.filter((entry) => entry.letter.sender === letter.sender);
    const shareFull =
      own.length >= limits.maxMailboxShareMessages || bytes(own) + letter.msg.length > limits.maxMailboxShareBytes;
    if (shareFull) return { kind: "share_full" };
    this.#lastSeq += 1;
    this.#letters.push({ account, letter: { ...letter, seq: this.#lastSeq } });
    return { kind: "stored", seq: this.#lastSeq };
  }

  #read(account: number, afterSeq: number, bounds: ReadBounds): StoredLetter[] {
    const found: StoredLetter[] = [];
    let bytes = 0;
    for (const entry of this.#letters) {
      if (entry.account !== account || entry.letter.seq <= afterSeq) continue;
      bytes += entry.letter.msg.length;
      if (found.length > 0 && bytes > bounds.bytes) break;
      found.push(entry.letter);
      if (found.length >= bounds.messages) break;
    }
    return found;
  }

  #find(account: number, sender: number, mid: MessageId): Stored | undefined {
    return this.#letters.find(
      (entry) => entry.account === account && entry.letter.sender === sender && entry.letter.mid === mid,
    );
  }

  #drop(isGone: (entry: Stored) => boolean, state: DeliveryOutcome): void {
    const gone = this.#letters.filter(isGone);
    this.#letters = this.#letters.filter((entry) => !gone.includes(entry));
    for (const { account, letter } of gone) {
      const to = this.#nameOf(account) ?? { ...nobody, id: account };
      this.#outcomes.add(letter, to, state);
    }
  }
}

const nobody = { publicId: "nobody" as AccountId, name: "nobody" as UserName, key: "nobody" as Account["key"] };
