// Explains in a sentence why the history cannot be used, and decides whether the file itself is damaged.

import { messageOf } from "../../../base/error-message.ts";

/** SQLITE_BUSY, NOMEM, READONLY, FULL, CANTOPEN. */
const passingCodes: readonly number[] = [5, 7, 8, 13, 14];
/** SQLITE_IOERR_WRITE, SHMOPEN, SHMSIZE: reading failed because there was no space to write. */
const passingIoErrors: readonly number[] = [778, 4_618, 4_874];
const sqliteCorrupt = 11;
const sqliteFull = 13;
const sqliteNotADatabase = 26;

export function storageTrouble(error: unknown): string {
  if (codeOf(error) === sqliteFull || (error instanceof Error && "code" in error && error.code === "ENOSPC")) {
    return "The disk of this machine is full, so nothing can be stored. Free some space and try again.";
  }
  const why = messageOf(error);
  // Errors of this program are sentences that say what to do; those of SQLite and the file system are not.
  if (why.endsWith(".")) return why;
  return `The history on this machine cannot be used now: ${why}. Try again; the daemon's log says more.`;
}

export function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return code === sqliteCorrupt || code === sqliteNotADatabase;
}

/**
 * Whether the cause is the machine's current state and not the file: a full disk, no memory, no permission, or another lock.
 */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error) ?? 0;
  const whole = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return passingCodes.includes(code) || passingIoErrors.includes(Number(whole));
}

/** Returns SQLite's primary result code. */
function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}
