// What the server's thread and the thread of the storage send to each other.

import type { Loaded, Reply, Request } from "./operations.ts";

/** As `workerData`: by it a process that starts its own file again knows what the new thread is for. */
export interface StorageThread {
  readonly storageFolder: string;
}

export type ToWorker = { readonly kind: "request"; readonly request: Request } | { readonly kind: "close" };

export type FromWorker =
  | { readonly kind: "loaded"; readonly loaded: Loaded }
  /** Everything was loaded: requests are taken. */
  | { readonly kind: "ready" }
  /** The database cannot be opened. Nothing follows. */
  | { readonly kind: "refused"; readonly sentence: string; readonly exitCode: 1 | 3 }
  | { readonly kind: "reply"; readonly reply: Reply }
  /** Everything that could be written is written, and the database is closed. Nothing follows. */
  | { readonly kind: "closed" };

export function isStorageThread(data: unknown): data is StorageThread {
  return typeof data === "object" && data !== null && "storageFolder" in data && typeof data.storageFolder === "string";
}
