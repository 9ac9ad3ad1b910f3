// Small files that belong to one person alone: mode 0600, replaced as a whole or not at all. A file is checked before it is
// trusted: it must be a regular file of this user, closed to others (CWE-732). The contents are not checked.

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { renameOver } from "./rename-over.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { Schema } from "../../protocol/validate.ts";

/**
 * Replaces the file atomically: a reader, and a start after a power failure, finds either the old text or the new one.
 * @throws the error of the file system
 */
export function writePrivateFile(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      // `writeSync` may stop half-way if the disk gets full, and reports that only in its return value.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameOver(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Without this, the new name may not survive a power failure. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const opened = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(opened);
  } catch (error) {
    // Some network file systems cannot.
    if (!hasCode(error, "EINVAL", "ENOTSUP")) throw error;
  } finally {
    closeSync(opened);
  }
}

/**
 * @param onClosed allows a file that its group can open, as Kubernetes makes them (`fsGroup`): it is closed to the group,
 * and this is called
 * @returns undefined if there is no such file
 * @throws an error with a sentence if the file is not private, or the error of the file system
 */
export function readPrivateFile(path: string, onClosed?: () => void): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (process.platform === "win32" ? 0 : constants.O_NOFOLLOW));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error(`${path} is not a file. Remove it.`);
    if (process.geteuid !== undefined) {
      if (found.uid !== process.geteuid()) throw new Error(`${path} belongs to another user. Remove it.`);
      if ((found.mode & 0o077) !== 0) {
        if (!onClosed || (found.mode & 0o007) !== 0) {
          throw new Error(`Others can open ${path}. Run: chmod 600 '${path}'.`);
        }
        fchmodSync(file, 0o600);
        onClosed();
      }
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the JSON of a private file with the schema. A damaged file counts as missing.
 * @param onClosed as for `readPrivateFile`
 * @throws if the file is not private
 */
export function readPrivateJson<T>(path: string, schema: Schema<T>, onClosed?: () => void): T | undefined {
  const text = readPrivateFile(path, onClosed);
  if (text === undefined) return undefined;
  try {
    const read = schema.read(JSON.parse(text), "");
    return read instanceof Invalid ? undefined : read;
  } catch {
    return undefined;
  }
}

/** Whether the file system reported that there is no such file. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
