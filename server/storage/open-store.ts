// The two ways to open the storage: in its own thread, as a server does, or in this thread, for tests, simulations and
// commands. The engine and its callers are the same in both.

import type { DatabaseSync } from "node:sqlite";
import { nameRules } from "./name-rules.ts";
import type { DiskSpace } from "./engine/file-care.ts";
import type { NameRules } from "./name-rules.ts";
import type { Request } from "./operations.ts";
import { openEngine } from "./engine/open.ts";
import type { OpenEngine } from "./engine/open.ts";
import { Store } from "./store.ts";
import type { StoreOptions } from "./store.ts";
import { startStorageWorker } from "./storage-worker.ts";

/**
 * Opens the storage in its own thread.
 * @param folder the data folder, locked by the caller
 * @param lost called if the thread ends by itself, after which nothing can be stored
 * @throws StartFailure
 */
export async function openStore(folder: string, options: StoreOptions, lost: (error: Error) => void): Promise<Store> {
  const store: Store = new Store({
    ...options,
    names: nameRules,
    schedule: setImmediate,
    transport: { post: (request) => worker.post(request) },
    end: (deadlineMs) => worker.close(deadlineMs),
  });
  const worker = await startStorageWorker(folder, {
    loaded: (loaded) => store.load(loaded),
    reply: (reply) => store.client.receive(reply),
    lost(error) {
      store.client.lose();
      lost(error);
    },
  });
  return store;
}

export interface InProcessOptions extends StoreOptions {
  /** Calls `work` once, later, in its own turn of the event loop. */
  readonly schedule: (work: () => void) => void;
  /** The data folder of the database; undefined if it is in memory. */
  readonly folder?: string;
  readonly diskSpaceOf?: (folder: string) => DiskSpace;
  readonly names?: NameRules;
  /** False for a command that works on the file for a moment. Default true. */
  readonly serves?: boolean;
}

/**
 * Opens the storage in this thread.
 * @param database open, of the newest version; closed by `close`
 * @throws the error of SQLite
 */
export function openStoreInProcess(database: DatabaseSync, options: InProcessOptions): Store {
  const { clock, folder, diskSpaceOf, schedule, names = nameRules, serves = true } = options;
  let requests: Request[] = [];
  const post = (request: Request): void => {
    if (requests.length === 0) schedule(work);
    requests.push(request);
  };
  const work = (): void => {
    const taken = requests;
    requests = [];
    engine.host.take(taken);
  };
  const store = new Store({ ...options, names, transport: { post }, end: () => Promise.resolve(end()) });
  const engine: OpenEngine = openEngine(database, {
    ...{ clock, names, serves },
    ...(folder === undefined ? {} : { folder }),
    ...(diskSpaceOf === undefined ? {} : { diskSpaceOf }),
    send: (reply) => store.client.receive(reply),
  });
  for (const loaded of engine.load()) store.load(loaded);
  engine.host.start();
  const end = (): boolean => {
    work();
    engine.close();
    return true;
  };
  return store;
}
