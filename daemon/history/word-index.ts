// The index of the words of all messages, by their numbers (SQLite FTS5). It holds no texts: what is taken out is told by
// the text that it had, and goes at once (`secure-delete`).

import type { ConversationId } from "../../protocol/editor/model.ts";
import { numberOf, textOf } from "./rows.ts";
import type { Statements } from "./statements.ts";
import { indexed, matchOf } from "./words.ts";

const lastIndexed = "SELECT max(rowid) AS last FROM message_words";

export class WordIndex {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Messages were stored before there was an index. */
  get isBehind(): boolean {
    return this.#last("SELECT max(id) AS last FROM message") > this.#last(lastIndexed);
  }

  /** Takes in what was stored before there was an index. Inside a transaction. */
  catchUp(): void {
    const missing = this.#statements.of("SELECT id, text FROM message WHERE id > ?");
    for (const row of missing.iterate(this.#last(lastIndexed))) {
      this.add(numberOf(row, "id"), textOf(row, "text"));
    }
  }

  add(id: number, text: string): void {
    this.#statements.of("INSERT INTO message_words (rowid, words) VALUES (?, ?)").run(id, indexed(text));
  }

  change(id: number, before: string, text: string): void {
    this.#statements
      .of("INSERT INTO message_words (message_words, rowid, words) VALUES ('delete', ?, ?)")
      .run(id, indexed(before));
    this.add(id, text);
  }

  /** The numbers of the messages that hold all the words, newest first. */
  find(query: string, conversation: ConversationId | undefined, before: number, limit: number): number[] {
    const match = matchOf(query);
    if (match === undefined) return [];
    const found =
      conversation === undefined
        ? this.#statements
            .of("SELECT rowid FROM message_words WHERE message_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?")
            .all(match, before, limit)
        : this.#statements
            .of(
              `SELECT message_words.rowid FROM message_words JOIN message ON message.id = message_words.rowid
                WHERE message_words MATCH ? AND message_words.rowid < ? AND conversation = ?
                ORDER BY message_words.rowid DESC LIMIT ?`,
            )
            .all(match, before, conversation, limit);
    return found.map((row) => numberOf(row, "rowid"));
  }

  #last(sql: string): number {
    return numberOf(this.#statements.of(sql).get(), "last");
  }
}
