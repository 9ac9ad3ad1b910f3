// Replaces a damaged history by a new one with the messages that were not sent yet. The new file is completed next to the
// damaged one before that is renamed, so a failure, such as a full disk, changes nothing and can be retried. If it is
// interrupted between the two renames, the next opening finishes it. The damaged file is never deleted.

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { renameOver } from "../../../base/files/rename-over.ts";
import { setAside } from "../../../base/sqlite.ts";
import { sizeOf } from "./history-file.ts";
import type { HistoryFile } from "./history-file.ts";
import { beginWithUnsent } from "./salvage.ts";

const sideFiles = ["-wal", "-shm"];

/**
 * Replaces a damaged history.
 * @returns the new path of the damaged file
 * @throws an error of the file system or SQLite; then it can be retried
 */
export function replaceDamaged(file: HistoryFile, nowMs: number): string {
  const path = replacementPath(file.path);
  remove(path);
  try {
    beginWithUnsent(file.path, { ...file, path });
  } catch (error) {
    remove(path);
    throw error;
  }
  // Removes files that were created by reading; a log (WAL) that is not empty stays with the damaged file.
  rmSync(`${file.path}-shm`, { force: true });
  if (sizeOf(`${file.path}-wal`) === 0) rmSync(`${file.path}-wal`, { force: true });
  const aside = setAside(file.path, new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-"));
  renameOver(path, file.path);
  return aside;
}

/**
 * Finishes an interrupted replacement; runs before the file is opened.
 * @returns the path of the damaged file, if there was one
 */
export function finishReplacement(path: string): string | undefined {
  const begun = replacementPath(path);
  if (!existsSync(begun)) return undefined;
  if (existsSync(path)) {
    remove(begun);
    return undefined;
  }
  const aside = newestAside(path);
  // The log (WAL) of the damaged file does not belong to the new one.
  for (const suffix of sideFiles) {
    if (!existsSync(path + suffix)) continue;
    if (aside === undefined) rmSync(path + suffix);
    else renameSync(path + suffix, aside + suffix);
  }
  renameOver(begun, path);
  return aside;
}

function replacementPath(path: string): string {
  return `${path}.new`;
}

function newestAside(path: string): string | undefined {
  const start = `${basename(path)}.corrupt-`;
  // Its name ends with the time.
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(start) && /Z$/.test(name));
  const newest = names.sort().at(-1);
  return newest === undefined ? undefined : join(dirname(path), newest);
}

function remove(path: string): void {
  for (const each of ["", ...sideFiles]) rmSync(path + each, { force: true });
}
