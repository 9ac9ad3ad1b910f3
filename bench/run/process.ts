// Child processes of the bench: pinned to a core if `taskset` is available, stopped one by one by their ids. None of them
// is left behind, however run.ts ends.

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const children = new Set<ChildProcess>();
const stopMs = 10_000;
/** From util-linux; part of the system, not of this package. */
const pinTool = "taskset";

process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

/** Whether a process can be pinned to a core, and there are two of them. */
export const canPin = spawnSync(pinTool, ["-c", "1", "true"]).status === 0;

export interface SpawnOptions {
  readonly core: number | undefined;
  /** Where standard error goes: a file descriptor. */
  readonly errors: number;
}

/**
 * Starts a process whose standard output is a pipe. The process id is that of the program itself, because taskset replaces
 * itself with it.
 */
export function start(args: readonly string[], { core, errors }: SpawnOptions): ChildProcess {
  const command = [process.execPath, ...args];
  const [file = "", ...rest] = core === undefined ? command : [pinTool, "-c", String(core), ...command];
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", errors] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  child.stdout?.setEncoding("utf8");
  return child;
}

/** Returns its first line that matches; the rest of its output is dropped. */
export async function readyLine(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let text = "";
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  child.stdout?.on("data", (chunk: string) => {
    if (text.length < 65_536) text += chunk;
    const match = pattern.exec(text);
    if (match) resolve(match);
  });
  child.once("error", reject);
  child.once("exit", (code) => reject(new Error(`it ended with ${code ?? "a signal"} before it was ready`)));
  return promise;
}

/** Returns everything it prints until it exits with 0. */
export async function output(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.on("data", (chunk: string) => (text += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`it ended with ${code ?? "a signal"}`);
  return text;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
  await exited;
  clearTimeout(timer);
}
