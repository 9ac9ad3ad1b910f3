// An account that was met under several addresses of its server had a folder for each: they become one. Everything in them
// is kept: histories are merged as an import is, contacts' keys that are known already stay, and every other file is moved
// over. An interruption leaves both folders, and the next opening does it again.

import { existsSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf } from "../../../base/error-message.ts";
import { KeyBook } from "../../peer/key-book.ts";
import { mergeHistory } from "./merge.ts";
import { sizeOf } from "../open/history-file.ts";
import type { Aside, HistoryFile } from "../open/history-file.ts";
import { finishReplacement } from "../open/replace.ts";

/** Histories up to this size are merged in a moment, in bytes. */
const smallBytes = 1_024 * 1_024;

interface Merging {
  readonly nowMs: number;
  readonly aside: Aside;
  readonly onSlow: (() => void) | undefined;
}

/** @returns why it could not be done now; then both are as they were, and the next opening tries again */
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
    // Everything of it is in the other one now; for a while, which begins now, it is kept as a copy of before an update is.
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

/** A book that is damaged is refused when it is needed; it stays beside. */
function mergeKeys(path: string, other: string): void {
  if (!existsSync(other)) return;
  try {
    new KeyBook(path).takeOver(new KeyBook(other));
    rmSync(other);
  } catch {
    renameSync(other, freeName(`${path}.merged`, "."));
  }
}

/** That path, with a number behind it if something is there already. */
function freeName(path: string, separator: string): string {
  for (let count = 2, free = path; ; free = `${path}${separator}${count++}`) if (!existsSync(free)) return free;
}
