// Reports delivery outcomes of queued messages to their senders [P-5.7]: delivered, expired, removed with the account. Kept
// on disk until the sender's client has heard of them, and sent a page at a time, in order; at once if the sender is
// connected and asked for it.

import { encodeFrame } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Clock, Outcomes } from "../ports.ts";
import type { Session } from "../sessions/session.ts";

export interface ReportsContext {
  readonly clock: Clock;
  readonly outcomes: Outcomes;
  session(account: number): Session | undefined;
  nextPushId(): number;
}

interface Report {
  readonly session: Session;
  /** Seq of the newest outcome that was pushed. */
  cursor: number;
  /** Push ids without an answer yet, each with the seq of the outcome that it carried. */
  readonly pushed: Map<number, number>;
  reading: boolean;
  /** There may be more after the cursor. */
  more: boolean;
}

const pageSize = 64;

export class OutcomeReports {
  readonly #context: ReportsContext;
  readonly #reports = new Map<number, Report>();
  /** Accounts whose outcomes could not be read, each with the monotonic time of the next try. */
  readonly #unreadable = new Map<number, number>();

  constructor(context: ReportsContext) {
    this.#context = context;
    context.outcomes.watch((account) => this.#added(account));
  }

  /** The session has a link from now on. */
  start(session: Session): void {
    if (!session.grant.outcomes || !session.link) return;
    const report: Report = { session, cursor: 0, pushed: new Map(), reading: false, more: true };
    this.#reports.set(session.account.id, report);
    this.#next(report);
  }

  /** The session's link is gone. What was not answered will be sent again. */
  stop(session: Session): void {
    if (this.#reports.get(session.account.id)?.session === session) this.#reports.delete(session.account.id);
  }

  /** @returns whether that push carried an outcome */
  answered(session: Session, id: number): boolean {
    const report = this.#reports.get(session.account.id);
    if (!report?.pushed.delete(id)) return false;
    if (report.pushed.size === 0) {
      this.#context.outcomes.remove(session.account.id, report.cursor);
      this.#next(report);
    }
    return true;
  }

  sweep(nowMs: number): void {
    for (const [account, retryMs] of this.#unreadable) {
      if (retryMs > nowMs) continue;
      this.#unreadable.delete(account);
      this.#added(account);
    }
  }

  #added(account: number): void {
    const report = this.#reports.get(account);
    if (!report) return;
    report.more = true;
    this.#next(report);
  }

  #next(report: Report): void {
    const { account } = report.session;
    if (report.reading || report.pushed.size > 0 || !report.more) return;
    report.reading = true;
    report.more = false;
    this.#context.outcomes.read(account.id, report.cursor, pageSize, (outcomes) => {
      report.reading = false;
      if (this.#reports.get(account.id) !== report || !report.session.link) return;
      if (outcomes === "failed") {
        this.#unreadable.set(account.id, this.#context.clock.monotonicMs() + limits.acknowledgementMs);
        return;
      }
      for (const { seq, to, toId, mid, state } of outcomes) {
        const id = this.#context.nextPushId();
        report.cursor = seq;
        report.pushed.set(id, seq);
        report.session.link.push(encodeFrame({ type: "outcome", id, to, account: toId, mid, state }));
      }
      report.more ||= outcomes.length === pageSize;
      this.#next(report);
    });
  }
}
