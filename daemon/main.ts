// The daemon's process: one per person and machine. Started detached by the first client, it has no terminal. If it cannot
// start, it leaves the reason where that client looks (`recordStartFailure`).

import { realpathSync } from "node:fs";
import { parseArgs } from "node:util";
import { isMainThread } from "node:worker_threads";
import { ensurePrivateFolder, homeFolder } from "../base/home/home.ts";
import { NotPrinted, print, write } from "../base/print.ts";
import { recordStartFailure } from "../base/rendezvous/files.ts";
import { programVersion } from "../base/version.ts";
import { messageOf } from "../base/error-message.ts";
import { missingRuntimeFeatures } from "./lifetime/check-runtime.ts";

const usage = `Usage: daemon [--idle-exit-ms N]

The background process of Chat Room. Editors and the command line start it by themselves.

  --idle-exit-ms N   end after N milliseconds without clients (default 60000)
  --version          print the version
  --help             print this
`;

const defaultIdleExitMs = 60_000;

// Threads that work on a history also run this file (history/thread/).
if (isMainThread) void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
else void import("./history/thread/run-jobs.ts").then(({ serveHistory }) => serveHistory());

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    write(2, usage, () => undefined);
    return 2;
  }
  if (typeof options === "string") {
    return await printed(options);
  }
  // All files it writes are private to their owner, including those that SQLite creates beside the database.
  process.umask(0o077);
  const home = homeFolder(process.env);
  try {
    ensurePrivateFolder(home);
    const missing = missingRuntimeFeatures();
    if (missing !== undefined) throw new Error(missing);
    return await run(home, options.idleExitMs);
  } catch (error) {
    const reason = messageOf(error);
    write(2, `${reason}\n`, () => undefined);
    leaveReason(home, reason);
    return 1;
  }
}

async function printed(text: string): Promise<number> {
  try {
    await print(text);
    return 0;
  } catch (error) {
    if (error instanceof NotPrinted && error.readerGone) return 0;
    write(2, `${messageOf(error)}\n`, () => undefined);
    return 1;
  }
}

async function run(home: string, idleExitMs: number): Promise<number> {
  // Loaded only now, because it imports what `missingRuntimeFeatures` checks for.
  const { startDaemon } = await import("./daemon.ts");
  const daemon = await startDaemon({ home, script: realpathSync(process.argv[1] ?? ""), idleExitMs });
  if (!daemon) return 0;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => void daemon.stop(signal));
  }
  process.on("uncaughtException", (error) => daemon.crashed(error));
  await daemon.ended;
  // A connection that is still closing is not worth waiting for: everything is stored.
  setTimeout(() => process.exit(0), 2_000).unref();
  return 0;
}

function readOptions(args: readonly string[]): { readonly idleExitMs: number } | string | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        "idle-exit-ms": { type: "string" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
    if (values.help === true) return usage;
    if (values.version === true) return `${programVersion}\n`;
    const idleExitMs = Number(values["idle-exit-ms"] ?? defaultIdleExitMs);
    return Number.isSafeInteger(idleExitMs) && idleExitMs > 0 ? { idleExitMs } : undefined;
  } catch {
    return undefined;
  }
}

function leaveReason(home: string, reason: string): void {
  try {
    recordStartFailure(home, reason);
  } catch {
    // The folder itself is the problem; the client will find that out too.
  }
}
