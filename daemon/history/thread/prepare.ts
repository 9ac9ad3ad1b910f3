// Prepares a history file before it is opened: brings an older version to the current one, keeping a backup, and moves a log
// (WAL) that a crash left behind into the file. If this takes seconds, a thread does it while the daemon keeps answering.

import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../base/sqlite.ts";
import type { UserKey } from "../../../protocol/ids.ts";
import { keepCopy } from "../upkeep/backups.ts";
import { sizeOf } from "../open/history-file.ts";
import { History } from "../history.ts";
import { historyMigrations } from "../schema.ts";

/** Files up to this size are migrated at once, without another thread, in bytes. */
const smallBytes = 4 * 1_024 * 1_024;

export type Preparation = "none" | "short" | "long";

/** Returns what must be done before that file can be opened. Nothing for a damaged one: opening it reports the damage. */
export function preparationOf(path: string): Preparation {
  if (!existsSync(path)) return "none";
  // Opening the file reads a log that was left behind, and moves it into the file.
  if (sizeOf(`${path}-wal`) > smallBytes) return "long";
  const version = versionOf(path);
  if (version === undefined || version === 0 || version >= historyMigrations.length) return "none";
  return sizeOf(path) <= smallBytes ? "short" : "long";
}

/** Prepares the file. @throws an error of SQLite or the file system; then the file is unchanged */
export function prepare(path: string, owner: UserKey): undefined {
  const version = versionOf(path);
  if (version !== undefined && version > 0 && version < historyMigrations.length) keepCopy(path, version);
  // The constructor does the migrations that need the owner.
  new History(openDatabase(path, historyMigrations, { checked: false, forgets: true }), owner).dispose();
  return undefined;
}

/** Reads the version of the tables. @returns undefined if it cannot be read */
function versionOf(path: string): number | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}
