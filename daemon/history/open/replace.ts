// Replaces a damaged history by a new one that holds what was not sent yet. The new one is made whole beside it before the
// damaged one is renamed, so what fails, as on a full disk, has changed nothing and is tried again; what is interrupted
// between the two renames is finished by the next opening. The damaged file is never deleted.

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { renameOver } from "../../../base/files/rename-over.ts";
import { setAside } from "../../../base/sqlite.ts";
import { sizeOf } from "./history-file.ts";
import type { HistoryFile } from "./history-file.ts";
import { beginWithUnsent } from "./salvage.ts";

const sideFiles = ["-wal", "-shm"];

/** @returns where the damaged file is now @throws what the file system and SQLite say; then it can be done again */
export function replaceDamaged(file: HistoryFile, nowMs: number): string {
  const path = newOne(file.path);
  remove(path);
  try {
    beginWithUnsent(file.path, { ...file, path });
  } catch (error) {
    remove(path);
    throw error;
  }
  // What was made to read it; a log in which something is stays with it.
  rmSync(`${file.path}-shm`, { force: true });
  if (sizeOf(`${file.path}-wal`) === 0) rmSync(`${file.path}-wal`, { force: true });
  const aside = setAside(file.path, new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-"));
  renameOver(path, file.path);
  return aside;
}

/** Before the file is opened. @returns where the damaged one is, if a replacement was interrupted and is finished now */
export function finishReplacement(path: string): string | undefined {
  const begun = newOne(path);
  if (!existsSync(begun)) return undefined;
  if (existsSync(path)) {
    remove(begun);
    return undefined;
  }
  const aside = newestAside(path);
  // What is in the log of the damaged file is no part of the new one.
  for (const suffix of sideFiles) {
    if (!existsSync(path + suffix)) continue;
    if (aside === undefined) rmSync(path + suffix);
    else renameSync(path + suffix, aside + suffix);
  }
  renameOver(begun, path);
  return aside;
}

function newOne(path: string): string {
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
