// How the process ends after a bug: an exception that nobody caught is logged with its stack, and the process exits with
// code 1. A write that only a reader can finish does not keep the process from ending.

import type { ServerLog } from "./pino-log.ts";

/** Logs uncaught exceptions from now on, and ends the process. */
export function logCrashes(log: ServerLog): void {
  process.on("uncaughtException", (error, origin) => {
    log.error("crashed", { error: error instanceof Error ? (error.stack ?? error.message) : String(error), origin });
    log.flushNow();
    endProcess(1, log.stuck);
  });
}

/** @param stuck a pool thread waits in a write: the process would wait for it, so it is replaced by one that does not */
export function endProcess(code: number, stuck: boolean): void {
  // Added in Node 22.15, and never on Windows.
  const { execve } = process as Partial<Pick<NodeJS.Process, "execve">>;
  if (stuck && execve && process.platform !== "win32") {
    execve.call(process, process.execPath, [process.execPath, "--eval", `process.exit(${code})`], {});
  }
  process.exit(code);
}
