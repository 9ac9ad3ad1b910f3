// The daemon's log: a file of its own, because the daemon has no terminal.

import { join } from "node:path";
import { createLog } from "../../base/log.ts";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { RotatingFile } from "./rotating-file.ts";

/** @param home a private folder */
export function openLogFile(home: string, clock: Clock): Log {
  const file = new RotatingFile(join(home, "daemon.log"));
  return createLog("info", clock, (line) => file.write(line));
}
