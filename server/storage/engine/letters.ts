// The mailboxes in SQLite [P-5.2, P-5.3]: appended in order, bounded in all and per sender, read from the front. A message
// is recognised by its sender's account and its mid, before any bound is checked [P-5.4]. Its sender gets the delivery
// outcome, if they asked for it.

import type { StatementSync } from "node:sqlite";
import type { AccountId, MessageId, UserName } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { DeliveryOutcome, Reference } from "../../../protocol/wire/messages.ts";
import type { ReadBounds, StoredLetter } from "../../core/ports.ts";
import type { AppendedCode, LetterTuple } from "../operations.ts";
import { clientTextOf, integerOf, optionalTextOf, textOf } from "../row.ts";
import type { SqlRow } from "../row.ts";
import { textParameter } from "../sql-text.ts";
import { BoxSizes } from "./box-sizes.ts";
import { isForeignKey } from "./failure.ts";
import type { OutcomeTable } from "./outcomes.ts";
import type { EngineParts } from "./part.ts";

const taken = "account, sender_id, mid, bytes, reported";

export class LetterTable {
  readonly sizes: BoxSizes;
  readonly #parts: EngineParts;
  readonly #outcomes: OutcomeTable;
  readonly #hasRoom: () => boolean;
  readonly #statements: Record<
    "append" | "find" | "read" | "remove" | "removeAll" | "oldest" | "holders",
    StatementSync
  >;
  /** Messages that count as removed, although they could not be removed yet. */
  readonly #hidden = new Set<number>();

  /** @param hasRoom false: the file system is nearly full */
  constructor(parts: EngineParts, outcomes: OutcomeTable, hasRoom: () => boolean) {
    const { database } = parts;
    this.#parts = parts;
    this.#outcomes = outcomes;
    this.#hasRoom = hasRoom;
    this.sizes = new BoxSizes(database);
    this.#statements = {
      append: database.prepare(
        "INSERT OR IGNORE INTO letter " +
          "(account, sender, sender_id, sender_public_id, ts, bytes, stored_ms, reported, mid, ref, msg) " +
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS BLOB), ?, CAST(? AS BLOB))",
      ),
      find: database.prepare(
        "SELECT seq FROM letter WHERE account = ? AND sender_id = ? AND sender_id > 0 AND mid = CAST(? AS BLOB)",
      ),
      read: database.prepare(
        "SELECT seq, sender, sender_id, sender_public_id, ts, bytes, reported, mid, ref, msg FROM letter " +
          "WHERE account = ? AND seq > ? AND stored_ms >= ? ORDER BY seq",
      ),
      remove: database.prepare(`DELETE FROM letter WHERE seq = ? AND account = ? RETURNING ${taken}`),
      removeAll: database.prepare(`DELETE FROM letter WHERE account = ? RETURNING ${taken}`),
      oldest: database.prepare(`SELECT seq, stored_ms, ${taken} FROM letter ORDER BY seq LIMIT ?`),
      holders: database.prepare("SELECT DISTINCT account FROM letter"),
    };
  }

  /** Whether it is certainly empty. */
  isEmpty(account: number): boolean {
    try {
      return this.sizes.isEmpty(account);
    } catch {
      return false;
    }
  }

  /** Accounts whose mailbox holds something. */
  *holders(): Iterable<number> {
    for (const row of this.#statements.holders.iterate()) yield integerOf(row, "account");
  }

  append(account: number, letter: LetterTuple): AppendedCode {
    const [from, sender, senderId, mid, ts, msg, reference, reported] = letter;
    const ref = reference ? JSON.stringify(reference) : null;
    const bytes = Buffer.byteLength(msg) + (ref === null ? 0 : Buffer.byteLength(ref));
    const bound = this.#hasRoom() ? this.sizes.bound(account, sender, bytes) : "total";
    if (bound !== undefined) return this.#known(account, sender, mid) ?? (bound === "total" ? "failed" : bound);
    const { time, notes } = this.#parts;
    const columns = [from, sender, senderId, ts, bytes, time.nowMs(), Number(reported)] as const;
    try {
      const { changes, lastInsertRowid } = this.#statements.append.run(
        ...[account, ...columns, textParameter(mid), ref, textParameter(msg)],
      );
      if (Number(changes) === 0) return this.#known(account, sender, mid) ?? "failed";
      this.sizes.change(account, sender, 1, bytes);
      notes.mailboxes.add(account);
      return Number(lastInsertRowid);
    } catch (error) {
      // The account was removed a moment ago.
      if (isForeignKey(error)) return "failed";
      throw error;
    }
  }

  read(account: number, afterSeq: number, bounds: ReadBounds): StoredLetter[] {
    const letters: StoredLetter[] = [];
    let bytes = 0;
    for (const row of this.#statements.read.iterate(account, afterSeq, this.#oldestMs())) {
      if (this.#hidden.has(integerOf(row, "seq"))) continue;
      bytes += integerOf(row, "bytes");
      if (letters.length > 0 && bytes > bounds.bytes) break;
      letters.push(letterOf(row));
      if (letters.length >= bounds.messages) break;
    }
    return letters;
  }

  holds(account: number, sender: number, mid: MessageId): boolean {
    const found = this.#statements.find.get(account, sender, textParameter(mid));
    return found !== undefined && !this.#hidden.has(integerOf(found, "seq"));
  }

  remove(account: number, seq: number): void {
    const row = this.#statements.remove.get(seq, account);
    if (row) this.#took(row, "delivered");
  }

  /** Call it before the account itself is removed. */
  removeAll(account: number): void {
    for (const row of this.#statements.removeAll.all(account)) this.#took(row, "removed");
  }

  /** @param count how many are looked at, at most @returns how many were dropped */
  expire(count: number): number {
    const oldestMs = this.#oldestMs();
    let dropped = 0;
    // The smaller its seq, the older a message: the first one that is young enough ends the search.
    for (const row of this.#statements.oldest.all(count)) {
      if (integerOf(row, "stored_ms") >= oldestMs) break;
      const gone = this.#statements.remove.get(integerOf(row, "seq"), integerOf(row, "account"));
      if (gone) this.#took(gone, "expired");
      dropped += 1;
    }
    return dropped;
  }

  /** Reads no longer return it, whether it can be removed or not. */
  hide(seq: number): void {
    this.#hidden.add(seq);
  }

  unhide(seq: number): void {
    this.#hidden.delete(seq);
  }

  #oldestMs(): number {
    return this.#parts.time.nowMs() - limits.maxMailboxAgeMs;
  }

  #known(account: number, sender: number, mid: MessageId): AppendedCode | undefined {
    const found = this.#statements.find.get(account, sender, textParameter(mid));
    return found && -integerOf(found, "seq");
  }

  #took(row: SqlRow, outcome: DeliveryOutcome): void {
    const [account, sender] = [integerOf(row, "account"), integerOf(row, "sender_id")];
    this.sizes.change(account, sender, -1, integerOf(row, "bytes"));
    this.#parts.notes.mailboxes.add(account);
    if (integerOf(row, "reported") !== 1) return;
    this.#outcomes.add(sender, account, clientTextOf(row, "mid") as MessageId, outcome);
  }
}

function letterOf(row: SqlRow): StoredLetter {
  const ref = optionalTextOf(row, "ref");
  return {
    seq: integerOf(row, "seq"),
    from: textOf(row, "sender") as UserName,
    sender: integerOf(row, "sender_id"),
    senderId: textOf(row, "sender_public_id") as AccountId,
    mid: clientTextOf(row, "mid") as MessageId,
    ts: integerOf(row, "ts"),
    msg: clientTextOf(row, "msg"),
    ...(ref === undefined ? {} : { ref: JSON.parse(ref) as Reference }),
    ...(integerOf(row, "reported") === 1 ? { reported: true } : {}),
  };
}
