// One process at a time works on a data folder: a server, or a command if none runs.

import { join } from "node:path";
import { lockFile } from "../../base/files/file-lock.ts";
import type { Disposable } from "../../base/disposable.ts";

export const lockName = "server.lock";

/** @param folder is there @returns undefined when another process has it. @throws what the file system says */
export function lockFolder(folder: string): Disposable | undefined {
  const lock = lockFile(join(folder, lockName));
  return lock && { dispose: () => lock.release() };
}
