// A lock between processes that the kernel gives back when its holder dies, however it dies: SQLite's exclusive lock on
// an otherwise empty file. A pid in a file is recycled, a lock file outlives a crash, a bare socket can jam; this cannot.

import { isBuiltin } from "node:module";

export interface HeldLock {
  /** Idempotent. */
  release(): void;
}

/** False where this Node has no SQLite: then there is no lock to be had. */
export const locksAvailable = isBuiltin("node:sqlite");

/**
 * @returns undefined while somebody else, in this process or another, holds it
 * @throws what the file system says
 */
export function tryLock(path: string): HeldLock | undefined {
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
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}
