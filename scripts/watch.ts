// `npm run watch`: builds the bundles and checks the types again on every change, each in a separate process. Every line
// says which of the two it is from. Both end with this process: on Ctrl+C, when the terminal closes, and when one of them
// ends by itself.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { root, toolFile } from "./run.ts";

const watchers: readonly (readonly [string, readonly string[]])[] = [
  ["bundles", ["esbuild.mjs", "--watch"]],
  ["types", [toolFile("typescript", "tsc"), "-b", "--watch", "--preserveWatchOutput", "--pretty", "false"]],
];
const width = Math.max(...watchers.map(([name]) => name.length));

function start(name: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (line.trim() !== "") console.log(`[${name}]`.padEnd(width + 2), line);
    });
  }
  return child;
}

const children = watchers.map(([name, args]) => start(name, args));
let stopping = false;

function stop(): void {
  stopping = true;
  for (const child of children) child.kill();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
for (const [index, child] of children.entries()) {
  child.once("exit", (code) => {
    if (stopping) return;
    console.error(`${watchers[index]?.[0] ?? ""} ended by itself, with exit code ${code ?? "none"}.`);
    process.exitCode = 1;
    stop();
  });
}
