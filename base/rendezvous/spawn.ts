// Starts a Node program that outlives this one: a process of its own, without a window or a console, that does not keep
// the caller alive and inherits nothing that belongs to the caller's debugger.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import type { Environment } from "../home.ts";

/** Would make the child wait for a debugger, or load what was meant for the parent. */
const dropped: ReadonlySet<string> = new Set(["NODE_OPTIONS", "VSCODE_INSPECTOR_OPTIONS", "NODE_CHANNEL_FD"]);

/**
 * @param file a script for the runtime this program runs on (Node, or Electron as Node)
 * @param env the whole environment of the new process
 * @throws with a sentence where the file is gone, or with what the system says where it cannot be started
 */
export async function spawnDetached(file: string, args: readonly string[], env: Environment): Promise<void> {
  // An update removes the folder of the version before it; a process that cannot load says nothing.
  if (!existsSync(file)) throw new Error(`The program ${file} is gone. Reload the window, or install it again.`);
  const kept = Object.entries(env).filter(([name]) => !dropped.has(name));
  const child = spawn(process.execPath, [file, ...args], {
    // Not the caller's folder: a process holds its own on Windows, and this one must not hold somebody's project.
    cwd: homedir(),
    detached: true,
    env: { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: "1" },
    stdio: "ignore",
    windowsHide: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve).once("error", reject);
  });
  child.unref();
}
