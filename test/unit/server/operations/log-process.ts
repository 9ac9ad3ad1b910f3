// A process with the server's log on stderr, for tests. Executes the commands on its stdin, one word per line, and answers
// each except `end` on stdout. `flood N` logs N lines of about 1 KB; `crash` throws; `reject` leaves a promise unhandled;
// `warn` makes Node.js warn; `end` flushes and ends like the server.

import { createInterface } from "node:readline";
import { systemClock } from "../../../../base/clock.ts";
import { EarlyEvents } from "../../../../server/operations/early-events.ts";
import { endProcess, logCrashes } from "../../../../server/operations/crash-report.ts";
import { openServerLog } from "../../../../server/operations/pino-log.ts";

const early = new EarlyEvents();
process.emitWarning("before the log was there");
const log = openServerLog("info", systemClock);
logCrashes(log);
let line = 0;

const words: Record<string, (count: number) => Promise<void> | void> = {
  flood(count) {
    for (const end = line + count; line < end; line += 1) log.info("line", { line, filling: "x".repeat(950) });
  },
  warn() {
    early.onWarning((warning) => log.warn("runtime_warning", { name: warning.name, text: warning.message }));
    process.emitWarning("after it");
  },
  crash() {
    setImmediate(() => {
      throw new Error("this is a bug");
    });
  },
  reject() {
    void Promise.reject(new Error("nobody cares"));
  },
  async end() {
    await log.flush(1_000);
    if (log.stuck) endProcess(0, true);
    // Then only the log could keep it alive.
    process.stdin.destroy();
  },
};

createInterface({ input: process.stdin }).on("line", (text) => {
  const [word = "", count = "0"] = text.split(" ");
  void Promise.resolve(words[word]?.(Number(count))).then(() => word !== "end" && process.stdout.write(`${word}\n`));
});
