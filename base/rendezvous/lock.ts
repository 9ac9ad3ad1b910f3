// The locks of the rendezvous, on files that only this user can open.

import { chmodSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../error-message.ts";
import { lockFile } from "../files/file-lock.ts";
import type { HeldLock } from "../files/file-lock.ts";

/**
 * @returns undefined while somebody else, in this process or another, holds it
 * @throws with a sentence where the file cannot be made or written to
 */
export function tryLock(path: string): HeldLock | undefined {
  try {
    makePrivate(path);
    return lockFile(path);
  } catch (error) {
    throw new Error(cannotWrite(dirname(path), error), { cause: error });
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
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function cannotWrite(folder: string, error: unknown): string {
  return (
    `Nothing can be written to ${folder} (${messageOf(error)}). Make it writable, or free space there, or set ` +
    "CHAT_ROOM_HOME to another folder."
  );
}
