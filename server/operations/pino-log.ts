// The server's log: one JSON object per line on stderr. While somebody reads it, a line is handed to the system before the
// call returns, so the last line before a crash is there too (line-sink.ts says what happens while nobody does). A caller
// gives an event name and plain fields, never a sentence, so no message text, password or token gets in. What a client
// chose is cut to a length, and its hidden characters are escaped.

import { pino } from "pino";
import type { DestinationStream } from "pino";
import type { Clock } from "../../base/clock.ts";
import { escapeHidden } from "../../base/escape-hidden.ts";
import type { Log, LogFields, LogLevel } from "../../base/log.ts";
import { LineSink } from "./line-sink.ts";
import { openLineTarget } from "./line-target.ts";

/** Enough for a stack; anything longer is likely to be a flood. In UTF-16 units. */
const maxFieldLength = 2_048;

export interface ServerLog extends Log {
  /** Lines dropped since the start because nobody read in time. */
  readonly droppedLines: number;
  /** The process cannot end until somebody reads. */
  readonly stuck: boolean;
  /** Resolves once everything is written, or after `deadlineMs`. */
  flush(deadlineMs: number): Promise<void>;
  /** For a process that is about to end. */
  flushNow(): void;
}

/** Opens the log on stderr. */
export function openServerLog(level: LogLevel, clock: Clock): ServerLog {
  const sink = new LineSink(openLineTarget(2), {
    clock,
    onDropped: (count) => log.warn("log_lines_dropped", { count }),
  });
  const log = createPinoLog(level, clock, sink);
  return {
    ...log,
    get droppedLines() {
      return sink.droppedLines;
    },
    get stuck() {
      return sink.stuck;
    },
    flush: (deadlineMs) => sink.flush(deadlineMs),
    flushNow: () => sink.flushNow(),
  };
}

/** @param destination receives whole lines */
export function createPinoLog(level: LogLevel, clock: Pick<Clock, "nowMs">, destination: DestinationStream): Log {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: () => `,"time":"${new Date(clock.nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: bounded },
    },
    { write: (line) => destination.write(escapeHidden(line)) },
  );
  const at =
    (each: LogLevel) =>
    (event: string, fields: LogFields = {}) =>
      logger[each](fields, event);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function bounded(fields: Record<string, unknown>): Record<string, unknown> {
  const cut: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    cut[name] = typeof value === "string" ? value.slice(0, maxFieldLength) : value;
  }
  return cut;
}
