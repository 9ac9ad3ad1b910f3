// Drafts by conversation. Changes are collected in memory, because they come with every key press.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../base/sqlite.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { numberOf, textOf } from "./read-rows.ts";
import type { Statements } from "./statements.ts";

export interface Draft {
  readonly text: string;
  /** Increases with every change; 0 if nothing was ever written. */
  readonly revision: number;
}

export class DraftStore {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  /** Drafts that are not on disk yet. */
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

  /** Deletes a draft; this is on disk only once the caller's transaction is. */
  drop(conversation: ConversationId): void {
    this.#changed.delete(conversation);
    this.#statements.of("DELETE FROM draft WHERE conversation = ?").run(conversation);
  }

  /** Sets a draft, which applies at once and is on disk after the next `flush`. @returns its revision */
  set(conversation: ConversationId, text: string): number {
    const revision = this.get(conversation).revision + 1;
    this.#changed.set(conversation, { text, revision });
    return revision;
  }

  /** Writes the changed drafts to disk. @throws what SQLite throws; the changes are kept for the next attempt */
  flush(): void {
    if (this.#changed.size === 0) return;
    transact(this.#database, () => {
      for (const [conversation, step] of this.#changed) this.#write(conversation, step);
    });
    this.#changed.clear();
  }

  /** Writes one draft, also an empty one: otherwise an old copy of it would count as newer. */
  #write(conversation: ConversationId, { text, revision }: Draft): void {
    this.#statements
      .of("INSERT OR REPLACE INTO draft (conversation, text, revision) VALUES (?, ?, ?)")
      .run(conversation, text, revision);
  }
}
