// Mailboxes, and what became of their letters, in memory: nothing is on a disk, and what a store would do later is done when
// `commit` is called.

import type { AccountId, MessageId, UserName } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { DeliveryOutcome } from "../../../protocol/messages/talk.ts";
import type {
  Account,
  Appended,
  Letter,
  Mailbox,
  Outcome,
  Outcomes,
  ReadBounds,
  StoredLetter,
} from "../../../server/core/ports.ts";
import type { Disk } from "./memory-ports.ts";

export class MemoryOutcomes implements Outcomes {
  readonly #disk: Disk;
  readonly #rows: { account: number; outcome: Outcome }[] = [];
  #pending: (() => void)[] = [];
  #listener: (account: number) => void = () => undefined;
  #lastSeq = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  read(
    account: number,
    afterSeq: number,
    count: number,
    done: (outcomes: readonly Outcome[] | "failed") => void,
  ): void {
    this.#pending.push(() => {
      const mine = this.#rows.filter((row) => row.account === account && row.outcome.seq > afterSeq);
      done(this.#disk.works ? mine.slice(0, count).map(({ outcome }) => outcome) : "failed");
    });
  }

  remove(account: number, uptoSeq: number): void {
    const rest = this.#rows.filter((row) => row.account !== account || row.outcome.seq > uptoSeq);
    this.#rows.splice(0, this.#rows.length, ...rest);
  }

  watch(listener: (account: number) => void): void {
    this.#listener = listener;
  }

  add(letter: Letter, to: Account, state: DeliveryOutcome): void {
    if (letter.reported !== true) return;
    this.#lastSeq += 1;
    const outcome = { seq: this.#lastSeq, to: to.name, toId: to.publicId, mid: letter.mid, state };
    this.#rows.push({ account: letter.sender, outcome });
    this.#listener(letter.sender);
  }

  /** @returns whether there was anything */
  commit(): boolean {
    const pending = this.#pending.splice(0);
    for (const each of pending) each();
    return pending.length > 0;
  }
}

interface Stored {
  readonly account: number;
  readonly letter: StoredLetter;
}

export class MemoryMailbox implements Mailbox {
  readonly #disk: Disk;
  readonly #outcomes: MemoryOutcomes;
  readonly #nameOf: (account: number) => Account | undefined;
  #letters: Stored[] = [];
  #pending: { readonly account: number; readonly run: () => void }[] = [];
  #lastSeq = 0;

  constructor(disk: Disk, outcomes: MemoryOutcomes, nameOf: (account: number) => Account | undefined) {
    this.#disk = disk;
    this.#outcomes = outcomes;
    this.#nameOf = nameOf;
  }

  mayHold(account: number): boolean {
    return [...this.#letters, ...this.#pending].some((entry) => entry.account === account);
  }

  append(account: number, letter: Letter, done: (appended: Appended) => void): void {
    this.#pending.push({ account, run: () => done(this.#put(account, letter)) });
  }

  read(
    account: number,
    afterSeq: number,
    bounds: ReadBounds,
    done: (letters: readonly StoredLetter[] | "failed") => void,
  ): void {
    this.#pending.push({
      account,
      run: () => done(this.#disk.works ? this.#read(account, afterSeq, bounds) : "failed"),
    });
  }

  holds(account: number, sender: number, mid: MessageId, done: (holds: boolean | "failed") => void): void {
    const run = () => done(this.#disk.works ? this.#find(account, sender, mid) !== undefined : "failed");
    this.#pending.push({ account, run });
  }

  remove(account: number, seq: number): void {
    this.#drop((entry) => entry.account === account && entry.letter.seq === seq, "delivered");
  }

  /** As when they are too old. */
  expireAll(): void {
    this.#drop(() => true, "expired");
  }

  /** The texts in somebody's mailbox. */
  texts(account: number): string[] {
    return this.#letters.filter((entry) => entry.account === account).map(({ letter }) => letter.msg);
  }

  /** What was asked for is done now. @returns whether there was anything */
  commit(): boolean {
    const pending = this.#pending;
    this.#pending = [];
    for (const { run } of pending) run();
    return pending.length > 0;
  }

  #put(account: number, letter: Letter): Appended {
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
