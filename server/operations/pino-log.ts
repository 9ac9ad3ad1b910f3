// The server's log: one JSON object a line on stderr, written by pino before the call returns, so that the last line before
// a crash is there too. A caller gives an event's name and plain fields, never a sentence, so no message text, password or
// token gets in; what a client chose is cut to a length.

import { pino } from "pino";
import type { DestinationStream } from "pino";
import type { Clock } from "../../base/clock.ts";
import type { Log, LogFields, LogLevel } from "../../base/log.ts";

/** Enough for a stack; more than that is somebody's flood. In UTF-16 units. */
const maxFieldLength = 2_048;
/** What waits while stderr takes nothing, such as a full disk; lines beyond it are lost. */
const maxWaitingBytes = 1_048_576;

/** @param destination takes whole lines; stderr unless a test wants them */
export function createPinoLog(
  level: LogLevel,
  clock: Pick<Clock, "nowMs">,
  destination: DestinationStream = openStderr(),
): Log {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: () => `,"time":"${new Date(clock.nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: bounded },
    },
    destination,
  );
  const at =
    (each: LogLevel) =>
    (event: string, fields: LogFields = {}) =>
      logger[each](fields, event);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Whoever read it may be gone, and its disk may be full: the server goes on. */
function openStderr(): DestinationStream {
  const stderr = pino.destination({ dest: 2, sync: true, maxLength: maxWaitingBytes });
  stderr.on("error", () => undefined);
  return stderr;
}

function bounded(fields: Record<string, unknown>): Record<string, unknown> {
  const cut: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    cut[name] = typeof value === "string" ? value.slice(0, maxFieldLength) : value;
  }
  return cut;
}
