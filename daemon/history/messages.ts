// Stores and changes the messages of one account, and keeps the index for the search in step with them.

import { keyOfName } from "../../protocol/names.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { OutboxEntry } from "../core/outbox.ts";
import { numberOf, textOf } from "./read-rows.ts";
import type { SearchIndex } from "./search/search-index.ts";
import type { Statements } from "./statements.ts";

export class Messages {
  readonly #statements: Statements;
  readonly #index: SearchIndex;

  constructor(statements: Statements, index: SearchIndex) {
    this.#statements = statements;
    this.#index = index;
  }

  add(message: ChatMessage): void {
    const { conversation, seq, mid, from, own, text, sentAtMs, state, failure, quote, edited, deleted, via } = message;
    const added = this.#statements
      .of(
        `INSERT INTO message (conversation, seq, mid, author, own, text, sent_at_ms, state, failure_code,
          failure_reason, sender, answers, edited, deleted, via) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[conversation, seq, mid, from, Number(own), text, sentAtMs, state, failure?.code ?? null],
        ...[failure?.reason ?? null, keyOfName(from), quote?.mid ?? null],
        ...[Number(edited === true), Number(deleted === true), via ?? null],
      );
    this.#index.add(Number(added.lastInsertRowid), conversation, text);
  }

  changeState({ conversation, seq, state, failure, via }: ChatMessage): void {
    this.#statements
      .of(
        "UPDATE message SET state = ?, failure_code = ?, failure_reason = ?, via = ? WHERE conversation = ? AND seq = ?",
      )
      .run(state, failure?.code ?? null, failure?.reason ?? null, via ?? null, conversation, seq);
  }

  /** Also takes the reactions away from one that was taken back. */
  changeText({ conversation, seq, text, edited, deleted }: ChatMessage): void {
    const before = this.#statements
      .of("SELECT id, text FROM message WHERE conversation = ? AND seq = ?")
      .get(conversation, seq);
    if (!before) return;
    const id = numberOf(before, "id");
    this.#statements
      .of("UPDATE message SET text = ?, edited = ?, deleted = ? WHERE id = ?")
      .run(text, Number(edited === true), Number(deleted === true), id);
    this.#index.change(id, conversation, textOf(before, "text"), text);
    if (deleted === true) this.#statements.of("DELETE FROM reaction WHERE message = ?").run(id);
  }

  react(of: { conversation: ConversationId; seq: number; emoji: string; from: string; on: boolean }): void {
    const { conversation, seq, emoji, from, on } = of;
    const statement = on
      ? `INSERT OR IGNORE INTO reaction (message, emoji, sender, author)
          SELECT id, ?, ?, ? FROM message WHERE conversation = ? AND seq = ?`
      : `DELETE FROM reaction WHERE emoji = ? AND sender = ? AND
          message = (SELECT id FROM message WHERE conversation = ? AND seq = ?)`;
    const author = on ? [from] : [];
    this.#statements.of(statement).run(emoji, keyOfName(from), ...author, conversation, seq);
  }

  /**
   * Own ones that wait at the server, among the newest that were not seen to be read; in their order. The states are named
   * as in `message_unread_by_other`, which SQLite uses for nothing less; and what it looks at has an end, as all of them may
   * have arrived.
   */
  queued(conversation: ConversationId, behind: number, limit: number): OutboxEntry[] {
    return this.#statements
      .of(
        `SELECT seq, mid, state FROM message WHERE conversation = ? AND seq > ? AND own = 1
          AND state IN ('sending', 'queued', 'delivered') AND state <> 'sending' ORDER BY seq DESC LIMIT ?`,
      )
      .all(conversation, behind, limit)
      .filter((row) => row["state"] === "queued")
      .map((row) => ({ seq: numberOf(row, "seq"), mid: textOf(row, "mid") }))
      .reverse();
  }

  /** Rises with every message of any conversation. */
  arrivalOf({ conversation, seq }: ChatMessage): number | undefined {
    const row = this.#statements.of("SELECT id FROM message WHERE conversation = ? AND seq = ?").get(conversation, seq);
    return row && numberOf(row, "id");
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return this.#statements.of("SELECT 1 FROM message WHERE sender = ? AND mid = ?").get(sender, mid) !== undefined;
  }
}
