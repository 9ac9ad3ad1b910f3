// The history of an account on the simulated disk of the current process, in place of
// daemon/history/open/open-history-file.ts.

import { keyOfName } from "../../../protocol/names.ts";
import { History } from "../../../daemon/history/history.ts";
import type { OpenHistory } from "../../../daemon/history/open/open-history-file.ts";
import { historyMigrations } from "../../../daemon/history/schema.ts";
import type { SimulatedDisk } from "./disk.ts";

/** Creates every history that is opened. A defect may be inserted here. */
export const histories: { make: typeof makeHistory } = { make: makeHistory };

export function makeHistory(...of: ConstructorParameters<typeof History>): History {
  return new History(...of);
}

export function opensOn(disk: SimulatedDisk): OpenHistory {
  return ({ account }) => {
    const owner = keyOfName(account.user);
    const database = disk.database(`history of ${owner}`, (made) => {
      for (const statements of historyMigrations) made.exec(statements);
    });
    const history = histories.make(database, owner);
    const file = { folder: "", path: "", owner };
    const found = history.take();
    return Promise.resolve({ history, file, found, loaded: history.load(), setAside: undefined, unmerged: [] });
  };
}
