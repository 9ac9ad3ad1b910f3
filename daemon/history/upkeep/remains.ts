// Finds the files of an account that may contain deleted messages and that the daemon must not change: damaged files that
// were set aside, and all files in folders that could not be merged.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Returns their paths. @param folder of the history @param unmerged folders of the same account */
export function remainsIn(folder: string, unmerged: readonly string[]): string[] {
  return [folder, ...unmerged].flatMap((each) => {
    const names = existsSync(each) ? readdirSync(each).sort() : [];
    const history = names.filter((name) => name.startsWith("history.db") && !name.includes("-shm"));
    const held = each === folder ? history.filter((name) => name.includes(".corrupt-")) : history;
    return held.map((name) => join(each, name));
  });
}
