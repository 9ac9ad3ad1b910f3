// Which pushes a client without acks may miss [P-5.5]: those that its port took; those that its link took within 10 s
// before it was closed; and those that were in no mailbox when they were taken by a link that had answered a push before,
// or was 10 s old, or whose server was killed before it could store them. No others.

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

/** As in the protocol. */
const settledMs = 10_000;
/** The longest time to store what a link returned. */
const storingMs = 1_000;
/** The same after the disk failed: storing is retried every 10 s. */
const tryingMs = 15_000;

interface Copy {
  readonly user: string;
  readonly text: string;
  readonly takenMs: number;
  /** Whether it was in no mailbox. */
  readonly live: boolean;
  /** Whether the link had answered nothing by then and was younger than 10 s. */
  readonly young: boolean;
}

interface Known {
  readonly openedMs: number;
  answered: boolean;
  readonly copies: Copy[];
}

export interface Mail {
  inMailbox(user: string, text: string): boolean;
  /** When a commit of the server last failed. */
  failedMs(): number;
}

export class ReadingJudge implements Judge {
  readonly #bench: Bench;
  readonly #mail: Mail;
  readonly #lines = new Map<Line, Known>();
  readonly #missed = new Set<string>();
  /** Messages that have to be put into the mailbox, and from when on. */
  #returned: { readonly user: string; readonly text: string; readonly atMs: number }[] = [];

  constructor(bench: Bench, mail: Mail) {
    this.#bench = bench;
    this.#mail = mail;
  }

  answered(line: Line, { type, body }: Request, answer: JsonObject): void {
    if (type !== "auth" || answer["result"] !== "ok" || body["acks"] === true || this.#lines.has(line)) return;
    this.#lines.set(line, { openedMs: this.#bench.serverMs, answered: false, copies: [] });
  }

  taken(line: Line, { type, body }: Push): void {
    if (type !== "message" || body["broadcast"] === true) return;
    const nowMs = this.#bench.serverMs;
    const [user, text] = [String(line.user), String(body["msg"])];
    if (line.dialled) this.#missed.add(`${user} ${text}`);
    const known = this.#lines.get(line);
    if (!known) return;
    const live = !this.#mail.inMailbox(user, text);
    const young = !known.answered && nowMs - known.openedMs < settledMs;
    known.copies.push({ user, text, takenMs: nowMs, live, young });
  }

  pushAnswered(line: Line): void {
    const known = this.#lines.get(line);
    if (known) known.answered = true;
  }

  closed(line: Line, killed: boolean): void {
    for (const copy of this.#lines.get(line)?.copies ?? []) {
      const { user, text, live, young, takenMs } = copy;
      const settled = this.#bench.serverMs - takenMs >= settledMs;
      if (settled || (live && (!young || killed))) this.#missed.add(`${user} ${text}`);
      else if (live) this.#returned.push({ user, text, atMs: this.#bench.nowMs });
    }
    this.#lines.delete(line);
  }

  serverGone(): void {
    const { nowMs } = this.#bench;
    const failedMs = this.#mail.failedMs();
    const hadNoTime = (atMs: number): boolean =>
      nowMs - atMs < storingMs || (failedMs >= atMs && nowMs - failedMs < tryingMs);
    for (const { user, text, atMs } of this.#returned) {
      if (hadNoTime(atMs) && !this.#mail.inMailbox(user, text)) this.#missed.add(`${user} ${text}`);
    }
    this.#returned = [];
  }

  mayHaveMissed(user: string, text: string): boolean {
    return this.#missed.has(`${user} ${text}`);
  }
}
