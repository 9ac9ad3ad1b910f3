// Brings a history file of an older version to the present one before it is opened, and keeps a copy of what it was; carries
// a log that a crash left beside it over into the file. If that is much it takes seconds: then a thread does it, while the
// daemon answers.

import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../base/sqlite.ts";
import type { UserKey } from "../../../protocol/ids.ts";
import { keepCopy } from "../upkeep/backups.ts";
import { sizeOf } from "../open/history-file.ts";
import { History } from "../history.ts";
import { historyMigrations } from "../schema.ts";

/** A file up to this size is brought forward in a moment, in bytes. */
const smallBytes = 4 * 1_024 * 1_024;

export type Preparation = "none" | "short" | "long";

/** What has to be done before that file can be opened. A damaged one needs nothing: opening it says so. */
export function preparationOf(path: string): Preparation {
  if (!existsSync(path)) return "none";
  // Whoever opens it reads a log that was left behind, and carries it over into the file.
  if (sizeOf(`${path}-wal`) > smallBytes) return "long";
  const version = versionOf(path);
  if (version === undefined || version === 0 || version >= historyMigrations.length) return "none";
  return sizeOf(path) <= smallBytes ? "short" : "long";
}

/** @throws what SQLite and the file system say; then the file is as it was */
export function prepare(path: string, owner: UserKey): undefined {
  const version = versionOf(path);
  if (version !== undefined && version > 0 && version < historyMigrations.length) keepCopy(path, version);
  // What goes forward with the first opening is in the constructor.
  new History(openDatabase(path, historyMigrations, { checked: false, forgets: true }), owner).dispose();
  return undefined;
}

/** @returns undefined if it cannot be read */
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
