// Makes a folder with what is above it, for this user alone. Not `mkdir` with `recursive`: below /proc Node.js never comes back
// from that.

import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** One that is there stays as it is. @throws what the file system says */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let at = resolve(folder);
  while (statSync(at, { throwIfNoEntry: false }) === undefined && dirname(at) !== at) {
    missing.push(at);
    at = dirname(at);
  }
  for (const each of missing.reverse()) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      // Somebody else was faster.
      if (statSync(each, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
    }
  }
}
