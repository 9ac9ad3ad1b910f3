// What a program says about itself: one JSON object per line on a stream that is not its output. Fields only, so that no
// message body, password or token slips in by string building, and none of their characters acts on a terminal.

import type { Log, LogFields } from "../protocol/ports.ts";
import type { Clock } from "./clock.ts";
import { escapeHidden } from "./escape-hidden.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export type { Log, LogFields };

/** @param write takes one whole line */
export function createLog(level: LogLevel, clock: Clock, write: (line: string) => void): Log {
  const threshold = logLevels.indexOf(level);
  const at =
    (each: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(each) < threshold) return;
      const line = JSON.stringify({ time: new Date(clock.nowMs()).toISOString(), level: each, event, ...fields });
      write(`${escapeHidden(line)}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
