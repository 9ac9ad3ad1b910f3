// A lock between processes that the kernel gives back when its holder dies, however it dies: SQLite's exclusive lock on
// an otherwise empty file. A pid in a file is recycled, a lock file outlives a crash, a bare socket can jam; this cannot.

import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { isBusy } from "../sqlite-errors.ts";
import { fileAt } from "./file-identity.ts";

export interface HeldLock {
  /** The file is still the one that is locked: it was neither removed nor replaced. */
  stands(): boolean;
  /** Idempotent. */
  release(): void;
}

/** False where this Node has no SQLite: then there is no lock to be had. */
export const locksAvailable = isBuiltin("node:sqlite");

/**
 * @returns undefined while somebody else, in this process or another, holds it
 * @throws what SQLite says
 */
export function lockFile(path: string): HeldLock | undefined {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    // No journal file beside it: nothing is ever written.
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  const locked = fileAt(path);
  return {
    stands: () => locked !== undefined && fileAt(path) === locked,
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** Whether a process holds the lock now. Takes a shared lock for a moment, so callers do not block each other. */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec("PRAGMA busy_timeout = 0");
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    database.close();
  }
}
