// In place of daemon/history/open.ts: the history of an account on the simulated disk of the process that asks.

import type { Account } from "../../../protocol/editor/model.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { History } from "../../../daemon/history/history.ts";
import type { OpenedHistory } from "../../../daemon/history/open.ts";
import { historyMigrations } from "../../../daemon/history/schema.ts";
import type { SimulatedDisk } from "./disk.ts";

/** Whose disk a home folder is on; told by whoever starts a daemon. */
export const homes = new Map<string, SimulatedDisk>();
/** Called with every history that is opened. A defect may be built in here. */
export const histories: { make: typeof makeHistory } = { make: makeHistory };

export function makeHistory(...of: ConstructorParameters<typeof History>): History {
  return new History(...of);
}

export function openHistory(home: string, account: Account): OpenedHistory {
  const disk = homes.get(home);
  if (!disk) throw new Error(`no disk holds ${home}`);
  const key = keyOfName(account.user);
  const database = disk.database(`history of ${key}`, (made) => {
    for (const statements of historyMigrations) made.exec(statements);
  });
  const history = histories.make(database, key);
  return { history, loaded: history.load(), setAside: undefined };
}
