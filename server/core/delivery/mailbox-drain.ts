// Hands out the mailbox of one recipient, a window at a time and in order [P-5.3], and waits if the client refuses: see
// refused-letters.ts. The queue pushes, and decides whether anything may be pushed now.

import { errorTable } from "../../../protocol/errors.ts";
import type { ErrorCode } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Account, Appended, Clock, QueuedMessage, Log, Mailbox, ReadBounds, StoredLetter } from "../ports.ts";
import { Backlog } from "./backlog.ts";
import { RefusedLetters } from "./refused-letters.ts";

export interface DrainContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly mailbox: Mailbox;
}

/** What is in flight. */
export interface Load extends ReadBounds {
  /** Only one more message may be pushed. */
  readonly one: boolean;
}

export interface DrainTarget {
  /** Undefined while nothing may be pushed. */
  load(): Load | undefined;
  /** The client already has that message, and has not settled it. */
  isOut(seq: number): boolean;
  push(letter: StoredLetter): void;
  /** The next messages may follow, or what waits behind the mailbox. */
  advance(): void;
}

/** How many messages of the mailbox are in flight at once, and their bytes. */
const window = { messages: 64, bytes: 256 * 1_024 };

export class MailboxDrain {
  readonly #account: Account;
  readonly #context: DrainContext;
  readonly #target: DrainTarget;
  readonly #backlog: Backlog;
  readonly #refused = new RefusedLetters();
  /** Nothing is handed out before this monotonic time. */
  #pausedUntilMs = 0;
  /** Seq of the refused message that is being tried again and has no answer yet; 0: none. */
  #tried = 0;

  constructor(account: Account, context: DrainContext, target: DrainTarget) {
    this.#account = account;
    this.#context = context;
    this.#target = target;
    this.#backlog = new Backlog(account, context.mailbox);
  }

  /** It holds messages that have not been handed out, or may: everything later goes behind them. */
  get open(): boolean {
    return this.#backlog.open;
  }

  /** All of it was handed out except what was appended meanwhile, so later messages need not go behind it on disk. */
  get closing(): boolean {
    return this.#backlog.closing && !this.#refused.blocks && this.#load() !== undefined;
  }

  /** Appends are in progress. */
  get busy(): boolean {
    return this.#backlog.busy;
  }

  append(letter: QueuedMessage, done: (appended: Appended) => void): void {
    this.#backlog.append(letter, done);
  }

  /** The recipient has that message. */
  remove(seq: number): void {
    this.#backlog.remove(seq);
  }

  /** Starts over on a new channel. @param atMs monotonic time before which nothing is handed out */
  startOver(atMs: number): void {
    this.#refused.clear();
    this.#tried = 0;
    this.#pausedUntilMs = atMs;
    this.#backlog.startOver();
  }

  /** Hands out what may be handed out now. */
  advance(): void {
    const load = this.#load();
    if (!load) return;
    // While it is not known whether the client can take anything, one at a time.
    const maxMessages = load.one || this.#refused.blocks ? 1 : window.messages;
    const bounds = { messages: maxMessages - load.messages, bytes: window.bytes - load.bytes };
    if (bounds.messages * 2 < maxMessages || bounds.bytes * 2 < window.bytes) return;
    this.#backlog.next(
      bounds,
      () => this.#load() !== undefined,
      (letters) => {
        if (letters === "failed") this.pause();
        else this.#handOut(letters);
      },
    );
  }

  /** For 10 s. */
  pause(): void {
    this.#pausedUntilMs = this.#context.clock.monotonicMs() + limits.acknowledgementMs;
  }

  /** @param seq 0: it was not in the mailbox */
  accepted(seq: number): void {
    if (this.#refused.accepted(seq)) this.#pausedUntilMs = 0;
  }

  /** The client refused it. It stays in the mailbox even if it was refused for good: another device may take it. */
  refused(seq: number, code: ErrorCode): void {
    if (!errorTable[code].retryable) {
      this.#refused.refusedForGood(seq);
      return;
    }
    const refusals = this.#refused.refused(seq, this.#context.clock.monotonicMs());
    // Logged each time it is tried, which happens less and less often.
    this.#context.log.warn("push_refused", { user: this.#account.name, code, refusals });
    if (this.#refused.isAside(seq)) return;
    this.pause();
    this.#backlog.rewind(seq);
    if (seq === this.#tried) this.#tryOneBehind(seq);
  }

  /** Tries one message that was set aside, on its own. */
  sweep(): void {
    const mayPush = (): boolean => this.#load() !== undefined && !this.#refused.blocks;
    if (mayPush()) this.#tryAside(mayPush);
  }

  #load(): Load | undefined {
    return this.#pausedUntilMs <= this.#context.clock.monotonicMs() ? this.#target.load() : undefined;
  }

  #handOut(letters: readonly StoredLetter[]): void {
    for (const letter of letters) {
      const { seq } = letter;
      if (this.#target.isOut(seq) || this.#refused.isAside(seq)) continue;
      if (this.#refused.blocks) this.#tried = seq;
      this.#target.push(letter);
    }
    this.#target.advance();
  }

  /** Tries a due message that was set aside. @param mayPush asked once it is read: if not, it is tried again later */
  #tryAside(mayPush: (letter: StoredLetter) => boolean): void {
    const { clock } = this.#context;
    const seq = this.#refused.takeDue(clock.monotonicMs());
    if (seq === undefined) return;
    this.#backlog.one(seq, (letter) => {
      if (letter === "gone") this.#refused.forget(seq);
      else if (letter !== "failed" && mayPush(letter)) this.#target.push(letter);
      else this.#refused.postpone(seq, clock.monotonicMs() + limits.acknowledgementMs);
    });
  }

  /**
   * The blocking message was refused again. If the client accepts another one now, the blocking message is the cause. The
   * other one is one that was never tried, one that also blocks, or one that was set aside earlier, when the client could
   * take nothing.
   */
  #tryOneBehind(seq: number): void {
    this.#tried = 0;
    const mayPush = (letter: StoredLetter): boolean =>
      this.#target.load()?.messages === 0 && this.#refused.blocks && !this.#target.isOut(letter.seq);
    const push = (letter: StoredLetter): void => {
      if (mayPush(letter)) this.#target.push(letter);
    };
    this.#backlog.untried(this.#refused.highest, (letter) => {
      if (letter === "failed") return;
      if (letter !== "gone") {
        push(letter);
        return;
      }
      const other = this.#refused.leastRefused(seq);
      if (other === undefined || this.#refused.isOneDueBefore(other, this.#context.clock.monotonicMs())) {
        this.#tryAside(mayPush);
        return;
      }
      this.#backlog.one(other, (known) => {
        if (typeof known !== "string") push(known);
      });
    });
  }
}
