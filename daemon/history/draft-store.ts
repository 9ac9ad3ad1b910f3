// What a person is writing, by conversation. Changes are collected in memory: they come with every key that is pressed.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../base/sqlite.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { numberOf, textOf } from "./read-rows.ts";
import type { Statements } from "./statements.ts";

export interface Draft {
  readonly text: string;
  /** Rises with every change; 0 where nothing was ever written. */
  readonly revision: number;
}

export class DraftStore {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  /** Not on disk yet. */
  readonly #changed = new Map<ConversationId, Draft>();

  constructor(database: DatabaseSync, statements: Statements) {
    this.#database = database;
    this.#statements = statements;
  }

  get(conversation: ConversationId): Draft {
    const changed = this.#changed.get(conversation);
    if (changed) return changed;
    const row = this.#statements.of("SELECT text, revision FROM draft WHERE conversation = ?").get(conversation);
    return row ? { text: textOf(row, "text"), revision: numberOf(row, "revision") } : { text: "", revision: 0 };
  }

  /** Nothing is left of it; not on disk before the caller's transaction is. */
  drop(conversation: ConversationId): void {
    this.#changed.delete(conversation);
    this.#statements.of("DELETE FROM draft WHERE conversation = ?").run(conversation);
  }

  /** In force at once, on disk with the next `flush`. @returns its revision */
  set(conversation: ConversationId, text: string): number {
    const revision = this.get(conversation).revision + 1;
    this.#changed.set(conversation, { text, revision });
    return revision;
  }

  /** @throws what SQLite says; the changes are kept for the next time */
  flush(): void {
    if (this.#changed.size === 0) return;
    transact(this.#database, () => {
      for (const [conversation, step] of this.#changed) this.#write(conversation, step);
    });
    this.#changed.clear();
  }

  /** An empty one too: an old copy of what it was must not pass for newer. */
  #write(conversation: ConversationId, { text, revision }: Draft): void {
    this.#statements
      .of("INSERT OR REPLACE INTO draft (conversation, text, revision) VALUES (?, ?, ?)")
      .run(conversation, text, revision);
  }
}
