// A lock between processes that the kernel gives back when its holder dies, however it dies: SQLite's exclusive lock on
// an otherwise empty file. A pid in a file is recycled, a lock file outlives a crash, a bare socket can jam; this cannot.

import { chmodSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname } from "node:path";
import { fileAt } from "../files/file-identity.ts";

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
 * @throws with a sentence where the file cannot be made or written to
 */
export function tryLock(path: string): HeldLock | undefined {
  try {
    makePrivate(path);
    return lock(path);
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw new Error(cannotWrite(dirname(path), error), { cause: error });
  }
}

/** @throws what SQLite says */
function lock(path: string): HeldLock {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    // No journal file beside it: nothing is ever written.
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
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

/** Whether somebody holds it now. Holds nobody up: whoever asks shares the file with all others who ask. */
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

/**
 * SQLite would make it as open as the caller's umask allows. A file that is there is not opened: closing it again would
 * give back the lock that this process may hold on it.
 */
function makePrivate(path: string): void {
  if (existsSync(path)) {
    if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    return;
  }
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    // Somebody else was quicker.
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

function cannotWrite(folder: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return (
    `Nothing can be written to ${folder} (${why}). Make it writable, or free space there, or set CHAT_ROOM_HOME to another ` +
    "folder."
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}
