// The data folder, opened by one command while no server runs on it.

import { systemClock } from "../../base/clock.ts";
import type { Log } from "../core/ports.ts";
import { databaseFailure } from "../startup/start-errors.ts";
import { openServerDatabase } from "../storage/engine/open.ts";
import { nameRules } from "../storage/name-rules.ts";
import { openStoreInProcess } from "../storage/open-store.ts";
import { createPasswords } from "../storage/passwords.ts";
import type { PasswordCost } from "../storage/passwords.ts";
import type { Store } from "../storage/store.ts";
import type { AdminAnswer, AdminRequest } from "./requests.ts";
import { AdminService } from "./service.ts";

export interface OpenFolder {
  handle(request: AdminRequest): Promise<AdminAnswer>;
  close(): Promise<void>;
}

/** @param folder must be locked by the caller @throws StartFailure */
export function openFolder(folder: string, cost: () => PasswordCost): OpenFolder {
  let trouble: string | undefined;
  const note = (_event: string, fields: { readonly error?: unknown } = {}): void => {
    if (typeof fields.error === "string") trouble = fields.error;
  };
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const store = open(folder, log);
  const service = new AdminService({
    store,
    names: nameRules,
    passwords: { hash: (password, turn) => createPasswords({ cost: cost() }).hash(password, turn) },
    trouble: () => trouble,
  });
  return {
    handle: (request) => service.handle(request),
    async close() {
      await store.close(0);
    },
  };
}

function open(folder: string, log: Log): Store {
  try {
    const database = openServerDatabase(folder, false);
    return openStoreInProcess(database, { folder, log, clock: systemClock, schedule: setImmediate, serves: false });
  } catch (error) {
    throw databaseFailure(folder, error);
  }
}
