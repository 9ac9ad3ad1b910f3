// The messages between the main thread and the storage thread.

import type { Loaded, Reply, Request } from "./operations.ts";

/** Passed as `workerData`: a process that starts its own file again knows by it what the new thread is for. */
export interface StorageThread {
  readonly storageFolder: string;
}

export type ToWorker = { readonly kind: "request"; readonly request: Request } | { readonly kind: "close" };

export type FromWorker =
  | { readonly kind: "loaded"; readonly loaded: Loaded }
  /** Everything is loaded: requests are accepted. */
  | { readonly kind: "ready" }
  /** The database cannot be opened. Nothing follows. */
  | { readonly kind: "refused"; readonly sentence: string; readonly exitCode: 1 | 3 }
  | { readonly kind: "reply"; readonly reply: Reply }
  /** Everything that could be written is written, and the database is closed. Nothing follows. */
  | { readonly kind: "closed" };

export function isStorageThread(data: unknown): data is StorageThread {
  return typeof data === "object" && data !== null && "storageFolder" in data && typeof data.storageFolder === "string";
}
