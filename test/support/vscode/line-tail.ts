// Problem: when a child process fails, the last lines it wrote say why; a whole VS Code log is far too much to keep.
// Approach: split a stream into lines, keep the last ones, hand each to a listener.
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface LineTail {
  /** Reads a stream to its end, in the background. */
  follow(stream: Readable): void;
  add(line: string): void;
  text(): string;
}

/** Keeps the last `maxLines` lines that `keep` accepts. */
export function createLineTail(
  maxLines: number,
  onLine: (line: string) => void = () => undefined,
  keep: (line: string) => boolean = () => true,
): LineTail {
  const lines: string[] = [];
  const add = (line: string): void => {
    if (!keep(line)) return;
    lines.push(line);
    if (lines.length > maxLines) lines.shift();
    onLine(line);
  };
  return {
    add,
    follow: (stream) => {
      createInterface({ input: stream, crlfDelay: Infinity }).on("line", add);
    },
    text: () => lines.join("\n"),
  };
}
