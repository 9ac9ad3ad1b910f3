// One account's messages, outbox, contacts, read marks and mutes, in SQLite: a step of the core is one transaction, on
// disk before anybody is told. A message is known for ever by its sender and id [P-5.4]; the index refuses a second one.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { transact } from "../../base/sqlite.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { ChatMessage, ConversationId } from "../../protocol/editor/model.ts";
import type { Write } from "../core/effects.ts";
import type { Facts, Loaded } from "../core/ports.ts";
import { conversationOf, messageColumns, messageOfRow, numberOf, textOf } from "./rows.ts";

export interface Page {
  /** Oldest first. */
  readonly messages: ChatMessage[];
  /** There are older ones. */
  readonly more: boolean;
}

export class History implements Facts {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  readonly #owner: UserKey;

  /** @param database opened with `historyMigrations`; closed by `dispose` @param owner whose history it is */
  constructor(database: DatabaseSync, owner: UserKey) {
    this.#database = database;
    this.#owner = owner;
  }

  /**
   * All of it or nothing, on disk when it returns.
   * @throws what SQLite says: a full disk, a damaged file
   */
  commit(writes: readonly Write[]): void {
    if (writes.length === 0) return;
    transact(this.#database, () => {
      for (const write of writes) this.#perform(write);
    });
  }

  load(): Loaded {
    const contacts = this.#prepare("SELECT id, name, blocked, muted, read_seq FROM conversation").all();
    const outbox = this.#prepare("SELECT conversation, seq, mid FROM outbox ORDER BY position").all();
    return {
      contacts: contacts.map((row) => {
        const conversation = conversationOf(row, "id");
        const readSeq = numberOf(row, "read_seq");
        return {
          conversation,
          name: textOf(row, "name"),
          blocked: row["blocked"] === 1,
          muted: row["muted"] === 1,
          readSeq,
          unread: this.countReceivedAfter(conversation, readSeq),
          last: this.page(conversation, undefined, 1).messages[0],
        };
      }),
      outbox: outbox.map((row) => ({
        conversation: conversationOf(row, "conversation"),
        seq: numberOf(row, "seq"),
        mid: textOf(row, "mid"),
      })),
    };
  }

  /** The newest `limit` messages before position `before`, or of all. */
  page(conversation: ConversationId, before: number | undefined, limit: number): Page {
    const rows = this.#prepare(
      `SELECT ${messageColumns} FROM message WHERE conversation = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    ).all(conversation, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
    const messages = rows.slice(0, limit).map(messageOfRow).reverse();
    return { messages, more: rows.length > limit };
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return this.#prepare("SELECT 1 FROM message WHERE sender = ? AND mid = ?").get(sender, mid) !== undefined;
  }

  message(conversation: ConversationId, seq: number): ChatMessage | undefined {
    const row = this.#prepare(`SELECT ${messageColumns} FROM message WHERE conversation = ? AND seq = ?`).get(
      conversation,
      seq,
    );
    return row && messageOfRow(row);
  }

  ownMessage(conversation: ConversationId, mid: string): ChatMessage | undefined {
    const row = this.#prepare(
      `SELECT ${messageColumns} FROM message WHERE sender = ? AND mid = ? AND conversation = ?`,
    ).get(this.#owner, mid, conversation);
    return row && messageOfRow(row);
  }

  ownUnreadThrough(conversation: ConversationId, seq: number): ChatMessage[] {
    return this.#prepare(
      `SELECT ${messageColumns} FROM message WHERE conversation = ? AND seq <= ? AND own = 1
        AND state IN ('sending', 'queued', 'delivered') ORDER BY seq`,
    )
      .all(conversation, seq)
      .map(messageOfRow);
  }

  countReceivedAfter(conversation: ConversationId, seq: number): number {
    const row = this.#prepare(
      "SELECT count(*) AS found FROM message WHERE conversation = ? AND seq > ? AND own = 0",
    ).get(conversation, seq);
    return numberOf(row, "found");
  }

  newestReceived(conversation: ConversationId, after: number, through: number): string | undefined {
    const row = this.#prepare(
      `SELECT mid FROM message WHERE conversation = ? AND seq > ? AND seq <= ? AND own = 0
        ORDER BY seq DESC LIMIT 1`,
    ).get(conversation, after, through);
    return row && textOf(row, "mid");
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  dispose(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #perform(write: Write): void {
    switch (write.kind) {
      case "contact":
        this.#prepare(
          `INSERT INTO conversation (id, name, blocked, muted, read_seq) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
              name = excluded.name, blocked = excluded.blocked, muted = excluded.muted, read_seq = excluded.read_seq`,
        ).run(write.conversation, write.name, Number(write.blocked), Number(write.muted), write.readSeq);
        return;
      case "message":
        this.#add(write.message);
        return;
      case "state":
        this.#changeState(write.message);
        return;
      case "outbox":
        if (write.present) {
          this.#prepare("INSERT INTO outbox (conversation, seq, mid) VALUES (?, ?, ?)").run(
            write.conversation,
            write.seq,
            write.mid,
          );
        } else {
          this.#prepare("DELETE FROM outbox WHERE conversation = ? AND seq = ?").run(write.conversation, write.seq);
        }
        return;
    }
  }

  #add(message: ChatMessage): void {
    const { conversation, seq, mid, from, own, text, sentAtMs, state, failure } = message;
    this.#prepare(
      `INSERT INTO message (conversation, seq, mid, author, own, text, sent_at_ms, state, failure_code,
        failure_reason, sender) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      ...[conversation, seq, mid, from, Number(own), text, sentAtMs, state],
      ...[failure?.code ?? null, failure?.reason ?? null, keyOfName(from)],
    );
  }

  #changeState(message: ChatMessage): void {
    const { conversation, seq, state, failure } = message;
    this.#prepare(
      "UPDATE message SET state = ?, failure_code = ?, failure_reason = ? WHERE conversation = ? AND seq = ?",
    ).run(state, failure?.code ?? null, failure?.reason ?? null, conversation, seq);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
