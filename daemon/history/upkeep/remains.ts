// Which files of an account may hold what was deleted from its history, and are not the daemon's to change: damaged ones that
// were set aside, and all that lies in folders which could not be merged.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** @param folder of the history @param unmerged folders of the same account */
export function remainsIn(folder: string, unmerged: readonly string[]): string[] {
  return [folder, ...unmerged].flatMap((each) => {
    const names = existsSync(each) ? readdirSync(each).sort() : [];
    const history = names.filter((name) => name.startsWith("history.db") && !name.includes("-shm"));
    const held = each === folder ? history.filter((name) => name.includes(".corrupt-")) : history;
    return held.map((name) => join(each, name));
  });
}
