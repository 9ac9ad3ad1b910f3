// Queued messages whose sender is only a name: from a version before 5, or inserted by hand. At the start each gets the
// account of that name, or none, and an id by which clients tell its sender from a later owner of the name. Their age
// begins now.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../../base/sqlite.ts";

/** @param runningMs how long the server has run @throws the error of SQLite; then nothing has changed */
export function settleLetters(database: DatabaseSync, runningMs: number): void {
  const any = database.prepare("SELECT 1 FROM letter WHERE sender_id IS NULL LIMIT 1").get();
  if (!any) return;
  transact(database, () => {
    // Rows that were inserted by hand hold text, and would be compared as text.
    const settled = "mid = CAST(mid AS BLOB), msg = CAST(msg AS BLOB), stored_ms = ?";
    database
      .prepare(
        `UPDATE OR IGNORE letter SET ${settled}, sender_id = a.id, sender_public_id = a.public_id ` +
          "FROM account a WHERE letter.sender_id IS NULL AND a.name = letter.sender",
      )
      .run(runningMs);
    // They belong to no account, and two of them may have the same mid.
    database.exec(
      "CREATE TEMP TABLE gone AS SELECT sender, lower(hex(randomblob(10))) AS public_id FROM " +
        "(SELECT DISTINCT sender FROM letter WHERE sender_id IS NULL)",
    );
    database
      .prepare(
        `UPDATE letter SET ${settled}, sender_id = 0, sender_public_id = gone.public_id ` +
          "FROM gone WHERE letter.sender_id IS NULL AND gone.sender = letter.sender",
      )
      .run(runningMs);
    database.exec("DROP TABLE gone");
  });
}

/** Tokens that were inserted by hand with wall time count as used now; otherwise they would never expire. */
export function settleTokens(database: DatabaseSync, runningMs: number): void {
  const late = database.prepare("SELECT 1 FROM token WHERE used_ms > ? LIMIT 1").get(runningMs);
  if (late) database.prepare("UPDATE token SET used_ms = ? WHERE used_ms > ?").run(runningMs, runningMs);
}
