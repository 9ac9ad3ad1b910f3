// One server a data folder. The lock is SQLite's on a file of its own, so the kernel releases it with the process however
// that ends; admin commands do not take it.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Disposable } from "../../base/disposable.ts";

/** @returns undefined when another process has the folder. @throws what the file system says */
export function lockFolder(folder: string): Disposable | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, "server.lock"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return {
    dispose() {
      if (lock.isOpen) lock.close();
    },
  };
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}
