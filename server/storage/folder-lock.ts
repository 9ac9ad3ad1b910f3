// One process at a time works on a data folder: a server, or a command if none runs. The lock is SQLite's on a file of its
// own, so the kernel releases it with the process however that ends.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isBusy } from "../../base/sqlite.ts";
import type { Disposable } from "../../base/disposable.ts";

export const lockName = "server.lock";

/** @param folder is there @returns undefined when another process has it. @throws what the file system says */
export function lockFolder(folder: string): Disposable | undefined {
  const lock = new DatabaseSync(join(folder, lockName));
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
