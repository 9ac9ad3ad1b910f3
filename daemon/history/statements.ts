// The prepared statements of one database, each prepared when it is first needed. Whole numbers are read as `bigint`: one
// that no JavaScript number holds would otherwise throw, and take all the other rows with it.

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

  /** Before the database is closed. */
  clear(): void {
    this.#prepared.clear();
  }
}
