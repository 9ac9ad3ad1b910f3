// Backups of a history from before its tables changed, next to it: `history.db.vN-backup`, one per version. A backup is
// removed at the next version or after 30 days, because it still contains what was deleted since.

import {
  closeSync,
  constants,
  copyFileSync,
  chmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** In milliseconds. */
const keptMs = 30 * 24 * 3_600_000;

/**
 * Copies the whole file as it is now; the copy appears complete under its name or not at all. Nobody else has the database
 * open.
 * @param version of its tables
 * @throws an error of SQLite or the file system
 */
export function keepCopy(path: string, version: number): void {
  const database = new DatabaseSync(path);
  try {
    // After this, everything that is committed is in the one file.
    database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  } finally {
    database.close();
  }
  const copy = `${path}.v${version}-backup`;
  const unfinished = `${copy}.tmp`;
  rmSync(unfinished, { force: true });
  copyFileSync(path, unfinished, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  chmodSync(unfinished, 0o600);
  syncFile(unfinished);
  renameSync(unfinished, copy);
  for (const other of backupsOf(path)) if (other !== copy) rmSync(other, { force: true });
}

export function removeOldBackups(path: string, nowMs: number): void {
  for (const backup of backupsOf(path)) if (nowMs - statSync(backup).mtimeMs > keptMs) rmSync(backup, { force: true });
}

/** Removes all backups, for what must not remain anywhere. */
export function removeBackups(path: string): void {
  for (const backup of backupsOf(path)) rmSync(backup, { force: true });
}

/** Returns all backups, including unfinished ones, and those of a history that was merged into this one. */
export function backupsOf(path: string): string[] {
  const folder = dirname(path);
  const names = readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}.`));
  return names.filter((name) => /-backup(-\d+)?(\.tmp)?(\.of-.*)?$/.test(name)).map((name) => join(folder, name));
}

function syncFile(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
