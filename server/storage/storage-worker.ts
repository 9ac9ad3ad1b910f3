// The storage thread, as the main thread sees it. If it ends by itself, that is a bug or a disk that disappeared during
// use: all pending operations fail, and the server cannot go on.

import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { StartFailure } from "../startup/start-errors.ts";
import type { Loaded, Reply, Request } from "./operations.ts";
import type { FromWorker, StorageThread, ToWorker } from "./worker-protocol.ts";

export interface WorkerEvents {
  loaded(loaded: Loaded): void;
  reply(reply: Reply): void;
  /** It ended without having been asked to. */
  lost(error: Error): void;
}

export interface StorageWorker {
  post(request: Request): void;
  /**
   * Lets the thread write what is pending, and end.
   * @returns false if it did not within `deadlineMs`: it hangs on the disk, and so does the process until it is killed
   */
  close(deadlineMs: number): Promise<boolean>;
}

/** The bundle is one file, which starts itself again as the thread: see main.ts. */
function workerFile(): string {
  if (typeof __filename === "string") return __filename;
  return fileURLToPath(new URL("engine/worker-main.ts", import.meta.url));
}

/** Resolves once everything is loaded. @throws StartFailure */
export async function startStorageWorker(folder: string, events: WorkerEvents): Promise<StorageWorker> {
  const workerData: StorageThread = { storageFolder: folder };
  const worker = new Worker(workerFile(), { name: "storage", workerData });
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  let closed = false;
  await new Promise<void>((resolve, reject) => {
    const lost = (error: Error): void => {
      reject(error);
      if (!closed) events.lost(error);
      closed = true;
    };
    worker.on("error", (error) => lost(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", (code) => lost(new Error(`the storage thread ended with ${code}`)));
    worker.on("message", (message: FromWorker) => {
      switch (message.kind) {
        case "loaded":
          events.loaded(message.loaded);
          break;
        case "reply":
          events.reply(message.reply);
          break;
        case "ready":
          resolve();
          break;
        case "refused":
          closed = true;
          reject(new StartFailure(message.sentence, { exitCode: message.exitCode }));
          break;
        case "closed":
          closed = true;
          break;
      }
    });
  });
  const post = (message: ToWorker): void => worker.postMessage(message);
  return {
    post: (request) => post({ kind: "request", request }),
    async close(deadlineMs) {
      post({ kind: "close" });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), deadlineMs)));
      const inTime = await Promise.race([ended.then(() => true), late]);
      clearTimeout(timer);
      return inTime;
    },
  };
}
