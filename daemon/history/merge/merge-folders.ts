// Merges the folders of one account that was used with several addresses of its server. Everything in them is kept:
// histories are merged like an import, known keys of contacts stay, and all other files are moved. After an interruption
// both folders are still there, and the next opening merges them again.

import { existsSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf } from "../../../base/error-message.ts";
import { KeyBook } from "../../peer/key-book.ts";
import { mergeHistory } from "./merge.ts";
import { sizeOf } from "../open/history-file.ts";
import type { Aside, HistoryFile } from "../open/history-file.ts";
import { finishReplacement } from "../open/replace.ts";

/** Histories up to this size are merged at once, without another thread, in bytes. */
const smallBytes = 1_024 * 1_024;

interface Merging {
  readonly nowMs: number;
  readonly aside: Aside;
  readonly onSlow: (() => void) | undefined;
}

/**
 * Merges another folder into this account's.
 * @returns why it failed; then both are unchanged, and the next opening tries again
 */
export async function mergeFolder(file: HistoryFile, other: string, merging: Merging): Promise<string | undefined> {
  try {
    await mergeAll(file, other, merging);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function mergeAll(file: HistoryFile, other: string, { nowMs, aside, onSlow }: Merging): Promise<void> {
  const { folder, path, owner } = file;
  const source = join(other, "history.db");
  const stamp = new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-");
  finishReplacement(source);
  if (existsSync(source)) {
    const isSmall = [path, source].every((each) => sizeOf(each) <= smallBytes);
    if (isSmall) mergeHistory(path, source, owner);
    else {
      onSlow?.();
      await aside(path, "merge", { owner, source });
    }
    // All of it has been merged. The file is kept as a backup, like the one before an update; its time to expire begins now.
    utimesSync(source, nowMs / 1_000, nowMs / 1_000);
    renameSync(source, freeName(`${path}.merged-${stamp}-backup`, "-"));
  }
  mergeKeys(join(folder, "peers.json"), join(other, "peers.json"));
  for (const name of readdirSync(other)) {
    if (["account.json", "peers.json", "history.db-wal", "history.db-shm"].includes(name)) continue;
    const isTaken = existsSync(join(folder, name));
    const to = join(folder, isTaken ? `${name}.of-${basename(other)}` : name);
    renameSync(join(other, name), freeName(to, "-"));
  }
  rmSync(other, { recursive: true });
}

/** Merges the known keys. A damaged file stays next to the new one; it is reported when it is needed. */
function mergeKeys(path: string, other: string): void {
  if (!existsSync(other)) return;
  try {
    new KeyBook(path).takeOver(new KeyBook(other));
    rmSync(other);
  } catch {
    renameSync(other, freeName(`${path}.merged`, "."));
  }
}

/** Returns that path, with a number appended if it is taken. */
function freeName(path: string, separator: string): string {
  for (let count = 2, free = path; ; free = `${path}${separator}${count++}`) if (!existsSync(free)) return free;
}
