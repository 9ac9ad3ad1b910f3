// What a person is writing, by conversation. Changes are collected in memory: they come with every key that is pressed.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../base/sqlite.ts";
import type { ConversationId } from "../../protocol/editor/model.ts";
import { textOf } from "./rows.ts";
import type { Statements } from "./statements.ts";

export class DraftStore {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  /** Not on disk yet. */
  readonly #changed = new Map<ConversationId, string>();

  constructor(database: DatabaseSync, statements: Statements) {
    this.#database = database;
    this.#statements = statements;
  }

  get(conversation: ConversationId): string {
    const changed = this.#changed.get(conversation);
    if (changed !== undefined) return changed;
    const row = this.#statements.of("SELECT text FROM draft WHERE conversation = ?").get(conversation);
    return row ? textOf(row, "text") : "";
  }

  /** In force at once, on disk with the next `flush`. */
  set(conversation: ConversationId, text: string): void {
    this.#changed.set(conversation, text);
  }

  /** @throws what SQLite says; the changes are kept for the next time */
  flush(): void {
    if (this.#changed.size === 0) return;
    transact(this.#database, () => {
      for (const [conversation, text] of this.#changed) this.#write(conversation, text);
    });
    this.#changed.clear();
  }

  #write(conversation: ConversationId, text: string): void {
    if (text === "") this.#statements.of("DELETE FROM draft WHERE conversation = ?").run(conversation);
    else this.#statements.of("INSERT OR REPLACE INTO draft (conversation, text) VALUES (?, ?)").run(conversation, text);
  }
}
