// Creates a folder and its missing parents, for this user alone. Not `mkdir` with `recursive`, because below /proc that
// never returns in Node.js.

import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** A folder that exists stays as it is. @throws the error of the file system */
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
