// Starts a Node program that outlives this one: a process of its own, without a window or a console, that does not keep
// the caller alive and inherits nothing that belongs to the caller's debugger.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import type { Environment } from "../home.ts";

/** A process that was started, as far as its starter sees it. */
export interface Started {
  /** With its exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Would make the child wait for a debugger, or load what was meant for the parent. */
const dropped: ReadonlySet<string> = new Set(["NODE_OPTIONS", "VSCODE_INSPECTOR_OPTIONS", "NODE_CHANNEL_FD"]);

/**
 * For the C library of Linux, unless the person has set them; others ignore them. It gives back what was freed instead of
 * expecting to need it again, and keeps one pool for all threads: a tenth of the memory of a process that mostly waits.
 */
const gentle = { MALLOC_TRIM_THRESHOLD_: "131072", MALLOC_ARENA_MAX: "1" };

/** A burst is collected sooner: the room for new objects stays at 6 MiB instead of 48. Only for a runtime that knows it. */
const young = (): string[] =>
  process.allowedNodeEnvironmentFlags.has("--max-semi-space-size") ? ["--max-semi-space-size=2"] : [];

/**
 * @param file a script for the runtime this program runs on (Node, or Electron as Node)
 * @param env the whole environment of the new process
 * @throws with a sentence where the file is gone, or with what the system says where it cannot be started
 */
export async function spawnDetached(file: string, args: readonly string[], env: Environment): Promise<Started> {
  // An update removes the folder of the version before it; a process that cannot load says nothing.
  if (!existsSync(file)) throw new Error(`The program ${file} is gone. Reload the window, or install it again.`);
  const kept = Object.entries(env).filter(([name]) => !dropped.has(name));
  const child = spawn(process.execPath, [...young(), file, ...args], {
    // Not the caller's folder: a process holds its own on Windows, and this one must not hold somebody's project.
    cwd: homedir(),
    detached: true,
    env: { ...gentle, ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: "1" },
    stdio: "ignore",
    windowsHide: true,
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve).once("error", reject);
  });
  child.unref();
  return { ended };
}
