// Classifies an exception of SQLite: another program that holds a lock, the disk, or the one operation that threw.

import { isBusy, primaryCode } from "../../../base/sqlite-errors.ts";

/** SQLite's codes for trouble of every statement: locked, no memory, read-only, I/O, corrupt, full, cannot open. */
const ofTheDisk: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26]);
const foreignKey = 787;

export { isBusy };

/** Whether the operation alone is at fault: the others may succeed without it. */
export function isOwnFault(error: unknown): boolean {
  const code = primaryCode(error);
  return code === undefined || !ofTheDisk.has(code);
}

/** Whether a row refers to an account that is gone. */
export function isForeignKey(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === foreignKey;
}
