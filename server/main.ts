// The process of chat-room-server, and its storage thread, which starts from the same file. Checks the runtime before
// loading anything that would fail without it, and from the first moment holds events that must not end the process.

import { parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { EarlyEvents } from "./operations/early-events.ts";
import { ignoreExperimentalSqlite, missingRuntimeFeatures } from "./startup/check-runtime.ts";
import { isStorageThread } from "./storage/worker-protocol.ts";
import type { StorageThread } from "./storage/worker-protocol.ts";

if (parentPort && isStorageThread(workerData)) void storageThread(workerData, parentPort);
else void program(new EarlyEvents());

async function storageThread(thread: StorageThread, port: MessagePort): Promise<void> {
  ignoreExperimentalSqlite();
  const { runStorageThread } = await import("./storage/engine/serve-jobs.ts");
  runStorageThread(thread, port);
}

async function program(early: EarlyEvents): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), early);
  // An open IPC channel would keep the process alive after its command has ended.
  if (process.connected) process.disconnect();
}

async function main(argv: readonly string[], early: EarlyEvents): Promise<number> {
  const missing = missingRuntimeFeatures();
  if (missing !== undefined) {
    process.stderr.write(`chat-room-server: ${missing}\n`);
    return 1;
  }
  const { run } = await import("./program.ts");
  return await run(argv, early);
}
