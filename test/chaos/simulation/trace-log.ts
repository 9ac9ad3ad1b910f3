// The log of a simulated program, as lines of the trace. Of an error only the first line: a stack names the test, too.

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
