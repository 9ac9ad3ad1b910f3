// The log of a simulated program, as lines of the trace. Only the first line of an error, because a stack would include the
// test.

import type { Log, LogFields } from "../../../server/core/ports.ts";
import type { Bench } from "./bench.ts";

export function traceLog(bench: Bench, name: string): Log {
  const write = (event: string, fields: LogFields = {}): void => {
    const text = JSON.stringify(fields, (_, value: unknown) => (typeof value === "string" ? firstLine(value) : value));
    bench.note(`${name} logs ${event} ${text}`);
  };
  return { debug: write, info: write, warn: write, error: write };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
