// Which file a path names: the same path may name another one later, when somebody removed or replaced it.

import { statSync } from "node:fs";

/** Differs for any two files that exist at once on this machine; undefined where there is none. */
export function fileAt(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}
