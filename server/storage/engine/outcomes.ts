// Delivery outcomes of queued messages, for their senders [P-5.7]: written in the transaction that removes the message,
// bounded per sender, and removed once the sender has heard of them or after a month of running time.

import type { StatementSync } from "node:sqlite";
import type { AccountId, MessageId, UserName } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { DeliveryOutcome } from "../../../protocol/wire/messages.ts";
import type { Outcome } from "../../core/ports.ts";
import { clientTextOf, integerOf, textOf } from "../row.ts";
import type { SqlRow } from "../row.ts";
import { textParameter } from "../sql-text.ts";
import type { EngineParts } from "./part.ts";

const ageMs = limits.maxMailboxAgeMs;
/** How many counts are kept in memory. */
const maxCounts = 10_000;

export class OutcomeTable {
  readonly #parts: EngineParts;
  readonly #statements: Record<"add" | "count" | "drop" | "read" | "remove" | "expire", StatementSync>;
  /** Outcomes per account, for accounts that have been counted. */
  #counts = new Map<number, number>();

  constructor(parts: EngineParts) {
    const { database } = parts;
    this.#parts = parts;
    this.#statements = {
      // If the sender's account is gone, no outcome is kept.
      add: database.prepare(
        "INSERT INTO outcome (account, recipient, recipient_public_id, mid, state, made_ms) " +
          "SELECT s.id, r.name, r.public_id, CAST(? AS BLOB), ?, ? FROM account s, account r WHERE s.id = ? AND r.id = ?",
      ),
      count: database.prepare("SELECT count(*) AS count FROM outcome WHERE account = ?"),
      drop: database.prepare(
        "DELETE FROM outcome WHERE seq IN (SELECT seq FROM outcome WHERE account = ? ORDER BY seq LIMIT ?)",
      ),
      read: database.prepare(
        "SELECT seq, recipient, recipient_public_id, mid, state FROM outcome " +
          "WHERE account = ? AND seq > ? ORDER BY seq LIMIT ?",
      ),
      remove: database.prepare("DELETE FROM outcome WHERE account = ? AND seq <= ?"),
      expire: database.prepare(
        "DELETE FROM outcome WHERE made_ms < ? AND seq IN (SELECT seq FROM outcome ORDER BY seq LIMIT ?)",
      ),
    };
  }

  add(sender: number, recipient: number, mid: MessageId, state: DeliveryOutcome): void {
    const { notes, time } = this.#parts;
    const added = this.#statements.add.run(textParameter(mid), state, time.nowMs(), sender, recipient);
    if (Number(added.changes) === 0) return;
    notes.outcomes.add(sender);
    const count = this.#count(sender);
    const excess = count - limits.maxOutcomes;
    if (excess > 0) this.#statements.drop.run(sender, excess);
    this.#counts.set(sender, Math.min(count, limits.maxOutcomes));
  }

  read(account: number, afterSeq: number, count: number): Outcome[] {
    return this.#statements.read.all(account, afterSeq, count).map(outcomeOf);
  }

  remove(account: number, uptoSeq: number): void {
    this.#statements.remove.run(account, uptoSeq);
    this.#counts.delete(account);
  }

  /** The account is gone, and its outcomes with it. */
  forget(account: number): void {
    this.#counts.delete(account);
  }

  /** @param count how many are looked at, at most @returns how many were dropped */
  expire(count: number): number {
    const dropped = Number(this.#statements.expire.run(this.#parts.time.nowMs() - ageMs, count).changes);
    if (dropped > 0) this.#counts.clear();
    return dropped;
  }

  rolledBack(): void {
    this.#counts.clear();
  }

  /** Includes the one that was just added. */
  #count(account: number): number {
    const known = this.#counts.get(account);
    if (known !== undefined) return known + 1;
    if (this.#counts.size >= maxCounts) this.#counts.clear();
    return integerOf(this.#statements.count.get(account) ?? {}, "count");
  }
}

function outcomeOf(row: SqlRow): Outcome {
  return {
    seq: integerOf(row, "seq"),
    to: textOf(row, "recipient") as UserName,
    toId: textOf(row, "recipient_public_id") as AccountId,
    mid: clientTextOf(row, "mid") as MessageId,
    state: textOf(row, "state") as DeliveryOutcome,
  };
}
