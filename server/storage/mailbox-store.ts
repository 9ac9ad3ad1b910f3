// The mailboxes in SQLite [P-5.2, P-5.3]: appended in order, bounded by count, bytes and age, read from the front. Counts are
// kept in memory while a mailbox is in use, so that no message pays for counting.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { MessageId, UserName } from "../../protocol/ids.ts";
import { limits } from "../../protocol/limits.ts";
import type { Clock, Letter, Mailbox, MailboxReceipt, StoredLetter } from "../core/ports.ts";
import type { GroupCommit } from "./group-commit.ts";
import { integerOf, optionalTextOf, textOf } from "./row.ts";
import type { SqlRow } from "./row.ts";

interface Size {
  messages: number;
  bytes: number;
}

/** Old letters are dropped by so many at a time. */
const expireBatch = 10_000;

export class MailboxStore implements Mailbox {
  readonly #commits: GroupCommit;
  readonly #clock: Clock;
  readonly #statements: Record<"size" | "total" | "append" | "holds" | "read" | "remove" | "expire", StatementSync>;
  /** Of what is committed, for every mailbox that was used since `load`. */
  #sizes = new Map<number, Size>();
  /** Of what is not committed yet. */
  readonly #coming = new Map<number, Size>();
  /** Letters that are as good as removed. */
  readonly #removing = new Set<number>();

  constructor(database: DatabaseSync, commits: GroupCommit, clock: Clock) {
    this.#commits = commits;
    this.#clock = clock;
    this.#statements = {
      size: database.prepare(
        "SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM letter WHERE account = ?",
      ),
      total: database.prepare("SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM letter"),
      // Another process may have removed the account.
      append: database.prepare(
        "INSERT OR IGNORE INTO letter (account, sender, mid, ts, msg, bytes, stored_ms, ref_kind, ref_mid) " +
          "SELECT id, ?, ?, ?, ?, ?, ?, ?, ? FROM account WHERE id = ?",
      ),
      holds: database.prepare("SELECT seq FROM letter WHERE account = ? AND sender = ? AND mid = ?"),
      read: database.prepare(
        "SELECT seq, sender, mid, ts, msg, ref_kind, ref_mid FROM letter " +
          "WHERE account = ? AND seq > ? AND stored_ms >= ? ORDER BY seq",
      ),
      remove: database.prepare("DELETE FROM letter WHERE seq = ? RETURNING bytes"),
      expire: database.prepare(
        "DELETE FROM letter WHERE stored_ms < ? AND seq IN (SELECT seq FROM letter ORDER BY seq LIMIT ?)",
      ),
    };
  }

  /** Another process changed the file: sizes are counted anew. */
  load(): void {
    this.#sizes = new Map();
  }

  append(account: number, letter: Letter, receipt: MailboxReceipt): boolean {
    const { from, mid, ts, msg, ref } = letter;
    const bytes = Buffer.byteLength(msg);
    const size = this.#sizeOrNothing(account);
    if (!size) {
      setImmediate(() => receipt.stored("failed"));
      return true;
    }
    const coming = entry(this.#coming, account);
    if (size.messages + coming.messages >= limits.maxMailboxMessages) return false;
    if (size.bytes + coming.bytes + bytes > limits.maxMailboxBytes) return false;
    add(coming, 1, bytes);
    let outcome: "added" | "known" | "lost" = "lost";
    this.#commits.add({
      run: () => {
        const reference = [ref?.kind ?? null, ref?.mid ?? null];
        const nowMs = this.#clock.nowMs();
        const added = this.#statements.append.run(from, mid, ts, msg, bytes, nowMs, ...reference, account);
        if (Number(added.changes) === 1) outcome = "added";
        else outcome = this.#statements.holds.get(account, from, mid) ? "known" : "lost";
      },
      done: (written) => {
        add(coming, -1, -bytes);
        if (coming.messages === 0) this.#coming.delete(account);
        const counted = written === "written" && outcome === "added" ? this.#sizes.get(account) : undefined;
        if (counted) add(counted, 1, bytes);
        receipt.stored(outcome === "lost" ? "failed" : written);
      },
    });
    return true;
  }

  holds(account: number, from: UserName, mid: MessageId): boolean {
    const found = this.#statements.holds.get(account, from, mid);
    return found !== undefined && !this.#removing.has(integerOf(found, "seq"));
  }

  read(account: number, afterSeq: number, bounds: { messages: number; bytes: number }): StoredLetter[] {
    const letters: StoredLetter[] = [];
    let bytes = 0;
    const oldestMs = this.#clock.nowMs() - limits.maxMailboxAgeMs;
    for (const found of this.#statements.read.iterate(account, afterSeq, oldestMs)) {
      const seq = integerOf(found, "seq");
      if (this.#removing.has(seq)) continue;
      const msg = textOf(found, "msg");
      bytes += msg.length;
      if (letters.length > 0 && bytes > bounds.bytes) break;
      const [from, mid] = [textOf(found, "sender") as UserName, textOf(found, "mid") as MessageId];
      letters.push({ seq, from, mid, ts: integerOf(found, "ts"), msg, ...referenceOf(found) });
      if (letters.length >= bounds.messages) break;
    }
    return letters;
  }

  /** All mailboxes together, from the index alone. @throws where the storage fails */
  total(): Readonly<Size> {
    const row = this.#statements.total.get() ?? {};
    return { messages: integerOf(row, "messages"), bytes: integerOf(row, "bytes") };
  }

  remove(account: number, seq: number): void {
    let bytes: number | undefined;
    this.#removing.add(seq);
    this.#commits.addLazy({
      run: () => {
        const removed = this.#statements.remove.get(seq);
        bytes = removed && integerOf(removed, "bytes");
      },
      done: () => {
        this.#removing.delete(seq);
        const size = this.#sizes.get(account);
        if (size && bytes !== undefined) add(size, -1, -bytes);
      },
    });
  }

  /** Drops letters that are too old [P-5.3]. Sizes in memory may stay too great until a mailbox is counted anew. */
  expire(): void {
    const oldestMs = this.#clock.nowMs() - limits.maxMailboxAgeMs;
    this.#commits.addLazy({
      run: () => this.#statements.expire.run(oldestMs, expireBatch),
      done: () => this.load(),
    });
  }

  /** @returns undefined where the storage fails */
  #sizeOrNothing(account: number): Size | undefined {
    try {
      return this.#sizeOf(account);
    } catch {
      return undefined;
    }
  }

  #sizeOf(account: number): Size {
    let size = this.#sizes.get(account);
    if (!size) {
      const row = this.#statements.size.get(account) ?? {};
      size = { messages: integerOf(row, "messages"), bytes: integerOf(row, "bytes") };
      this.#sizes.set(account, size);
    }
    return size;
  }
}

function referenceOf(row: SqlRow): Pick<Letter, "ref"> {
  const [kind, mid] = [optionalTextOf(row, "ref_kind"), optionalTextOf(row, "ref_mid")];
  return kind === undefined || mid === undefined ? {} : { ref: { kind, mid: mid as MessageId } };
}

function entry(sizes: Map<number, Size>, account: number): Size {
  let size = sizes.get(account);
  if (!size) {
    size = { messages: 0, bytes: 0 };
    sizes.set(account, size);
  }
  return size;
}

function add(size: Size, messages: number, bytes: number): void {
  size.messages += messages;
  size.bytes += bytes;
}
