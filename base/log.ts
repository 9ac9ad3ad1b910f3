// A program's log: one JSON object per line, on a stream that is not its output. Only fields, so that no message body,
// password or token gets in through string building, and no character in them affects a terminal.

import type { Log, LogFields } from "../protocol/ports.ts";
import type { Clock } from "./clock.ts";
import { escapeHidden } from "./escape-hidden.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export type { Log, LogFields };

/** @param write receives one whole line */
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
