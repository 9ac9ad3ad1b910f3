// The prepared statements of one database, each prepared on first use. Whole numbers are read as `bigint`: otherwise one
// beyond the range of a JavaScript number would throw, and all other rows would be lost with it.

import type { DatabaseSync, StatementSync } from "node:sqlite";

export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  of(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      statement.setReadBigInts(true);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  /** Releases all statements; must be called before the database is closed. */
  clear(): void {
    this.#prepared.clear();
  }
}
