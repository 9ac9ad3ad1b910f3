// The messages of one account: stored, changed, and read with what belongs to them: the message that each one answers, and
// the reactions. Both are looked up when a message is read, so what was taken back is gone from quotes too.

import { keyOfName } from "../../protocol/names.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { ChatMessage, ConversationId } from "../../protocol/editor/model.ts";
import type { OutboxEntry } from "../core/outbox.ts";
import { quoteOf } from "../core/views.ts";
import { messageColumns, messageOfRow, numberOf, textOf } from "./rows.ts";
import type { Added, Row } from "./rows.ts";
import type { Statements } from "./statements.ts";
import { WordIndex } from "./word-index.ts";

const select = `SELECT ${messageColumns} FROM message`;

export class Messages {
  readonly #statements: Statements;
  readonly words: WordIndex;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.words = new WordIndex(statements);
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
    this.words.add(Number(added.lastInsertRowid), text);
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
    this.words.change(id, textOf(before, "text"), text);
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

  /** @param where what follows `SELECT … FROM message` */
  read(where: string, ...values: (string | number)[]): ChatMessage[] {
    return this.#statements
      .of(`${select} ${where}`)
      .all(...values)
      .map((row) => messageOfRow(row, this.#added(row)));
  }

  one(where: string, ...values: (string | number)[]): ChatMessage | undefined {
    const row = this.#statements.of(`${select} ${where}`).get(...values);
    return row && messageOfRow(row, this.#added(row));
  }

  /**
   * Own ones that wait at the server, among the newest that were not seen to be read; in their order. The states are named
   * as in `message_unread_by_other`, which SQLite uses for nothing less; and what it looks at has an end, as all of them may
   * have arrived.
   */
  queued(conversation: ConversationId, limit: number): OutboxEntry[] {
    return this.#statements
      .of(
        `SELECT seq, mid, state FROM message WHERE conversation = ? AND own = 1
          AND state IN ('sending', 'queued', 'delivered') AND state <> 'sending' ORDER BY seq DESC LIMIT ?`,
      )
      .all(conversation, limit)
      .filter((row) => row["state"] === "queued")
      .map((row) => ({ seq: numberOf(row, "seq"), mid: textOf(row, "mid") }))
      .reverse();
  }

  /** Rises with every message of any conversation. */
  lastArrival(conversation: ConversationId): number | undefined {
    const row = this.#statements
      .of("SELECT id FROM message WHERE conversation = ? ORDER BY seq DESC LIMIT 1")
      .get(conversation);
    return row && numberOf(row, "id");
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return this.#statements.of("SELECT 1 FROM message WHERE sender = ? AND mid = ?").get(sender, mid) !== undefined;
  }

  #added(row: Row): Added {
    const reactions = this.#reactions(numberOf(row, "id"));
    const quote = typeof row["answers"] === "string" ? this.#quote(textOf(row, "conversation"), row["answers"]) : {};
    return { ...quote, ...(reactions.length === 0 ? {} : { reactions }) };
  }

  /** Ids are unique for each sender only: the first of that id is meant. */
  #quote(conversation: string, mid: string): Added {
    const row = this.#statements
      .of("SELECT seq, author, text FROM message WHERE mid = ? AND conversation = ? ORDER BY seq LIMIT 1")
      .get(mid, conversation);
    const found = row && { seq: numberOf(row, "seq"), from: textOf(row, "author"), text: textOf(row, "text") };
    return { quote: quoteOf(mid, found) };
  }

  #reactions(id: number): { emoji: string; from: string[] }[] {
    const byEmoji = new Map<string, string[]>();
    const rows = this.#statements.of("SELECT emoji, author FROM reaction WHERE message = ? ORDER BY position").all(id);
    for (const row of rows) {
      const emoji = textOf(row, "emoji");
      const from = byEmoji.get(emoji);
      if (from) from.push(textOf(row, "author"));
      else byEmoji.set(emoji, [textOf(row, "author")]);
    }
    return Array.from(byEmoji, ([emoji, from]) => ({ emoji, from }));
  }
}
