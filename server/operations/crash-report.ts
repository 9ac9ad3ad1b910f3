// The ends of the process that nobody planned: an exception that nobody caught is logged with its stack, and the process ends
// with exit code 1; and a write that only a reader can finish does not keep it from ending.

import type { ServerLog } from "./pino-log.ts";

/** Bugs: from now on they end up in the log. */
export function logCrashes(log: ServerLog): void {
  process.on("uncaughtException", (error, origin) => {
    log.error("crashed", { error: error instanceof Error ? (error.stack ?? error.message) : String(error), origin });
    log.flushNow();
    endProcess(1, log.stuck);
  });
}

/** @param stuck a thread of the pool waits in a write: the process would wait for it, and is replaced by one that does not */
export function endProcess(code: number, stuck: boolean): void {
  // Added in Node 22.15, and never on Windows.
  const { execve } = process as Partial<Pick<NodeJS.Process, "execve">>;
  if (stuck && execve && process.platform !== "win32") {
    execve.call(process, process.execPath, [process.execPath, "--eval", `process.exit(${code})`], {});
  }
  process.exit(code);
}
