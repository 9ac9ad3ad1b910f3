// Identifies the file that a path names: the path may name another file later, if somebody removed or replaced it.

import { statSync } from "node:fs";

/** Different for any two files that exist at once on this machine; undefined if there is no file. */
export function fileAt(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}
