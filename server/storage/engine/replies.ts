// Collects what the host reports to the other thread, until it is sent in one piece.

import type { Log } from "../../core/ports.ts";
import type { Changes, Figures, LogLine, Reply } from "../operations.ts";
import type { Notes } from "./part.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Log lines for another thread, until they are taken. */
export class LogLines implements Log {
  readonly #lines: LogLine[] = [];

  debug(event: string, fields?: LogLine[2]): void {
    this.#lines.push(["debug", event, fields]);
  }

  info(event: string, fields?: LogLine[2]): void {
    this.#lines.push(["info", event, fields]);
  }

  warn(event: string, fields?: LogLine[2]): void {
    this.#lines.push(["warn", event, fields]);
  }

  error(event: string, fields?: LogLine[2]): void {
    this.#lines.push(["error", event, fields]);
  }

  take(): LogLine[] {
    return this.#lines.splice(0);
  }
}

export class Replies {
  readonly log = new LogLines();
  readonly #send: (reply: Reply) => void;
  #ids: number[] = [];
  #results: unknown[] = [];
  #changes = noChanges();
  /** Accounts whose mailbox changed. */
  readonly #mailboxes = new Set<number>();
  #commitsMs: number[] = [];
  #told: Figures | undefined;

  constructor(send: (reply: Reply) => void) {
    this.#send = send;
  }

  /** @param id 0: no caller waits for it */
  give(id: number, result: unknown): void {
    if (id === 0) return;
    this.#ids.push(id);
    this.#results.push(result);
  }

  /** A transaction was committed. */
  written(tookMs: number, notes: Notes): void {
    this.#commitsMs.push(tookMs);
    for (const account of notes.mailboxes) this.#mailboxes.add(account);
    this.#changes.outcomes.push(...notes.outcomes);
    this.#changes.endedTokens.push(...notes.endedTokens);
  }

  /**
   * Sends what has been collected, if anything.
   * @param isEmpty whether a mailbox is certainly empty, after everything that is reported now
   */
  send(figures: Figures, isEmpty: (account: number) => boolean): void {
    this.#changes.emptied.push(...[...this.#mailboxes].filter(isEmpty));
    this.#mailboxes.clear();
    const log = this.log.take();
    const news = this.#ids.length + this.#commitsMs.length + log.length > 0 || !isSame(figures, this.#told);
    if (!news) return;
    const [ids, results, changes, commitsMs] = [this.#ids, this.#results, this.#changes, this.#commitsMs];
    this.#ids = [];
    this.#results = [];
    this.#changes = noChanges();
    this.#commitsMs = [];
    this.#told = figures;
    this.#send({ ids, results, changes, figures, log, commitsMs });
  }
}

function noChanges(): Mutable<Changes> {
  return { emptied: [], outcomes: [], endedTokens: [] };
}

function isSame(figures: Figures, told: Figures | undefined): boolean {
  return told !== undefined && JSON.stringify(figures) === JSON.stringify(told);
}
