// Starts a Node program that outlives this one: a separate process without a window or console, which does not keep the
// caller alive and inherits only the environment variables that it needs (`environment.ts`).

import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname } from "node:path";
import type { Environment } from "../base/home/home.ts";
import type { Started } from "../base/rendezvous/connect.ts";
import { lastingEnvironment } from "../base/rendezvous/environment.ts";

/**
 * For glibc, unless the person has set them; other C libraries ignore them. Freed memory is returned to the system instead
 * of being kept for later, and all threads share one pool: a tenth of the memory for a process that mostly waits.
 */
const memorySettings = { MALLOC_TRIM_THRESHOLD_: "131072", MALLOC_ARENA_MAX: "1" };

/** Collects garbage sooner: the space for new objects stays at 6 MiB instead of 48. Only if the runtime has the option. */
const heapOptions = (): string[] =>
  process.allowedNodeEnvironmentFlags.has("--max-semi-space-size") ? ["--max-semi-space-size=2"] : [];

/**
 * @param file a script for the runtime of this program (Node, or Electron as Node)
 * @param env the variables of which the new process gets the ones that it needs
 * @throws an error with a sentence if the file is gone, or the system's error if it cannot be started
 */
export async function spawnDetached(file: string, args: readonly string[], env: Environment): Promise<Started> {
  // An update removes the folder of the previous version, and a process that fails to load reports nothing.
  if (!existsSync(file)) throw new Error(`The program ${file} is gone. Reload the window, or install it again.`);
  const child = spawn(process.execPath, [...heapOptions(), file, ...args], {
    cwd: workingFolder(),
    detached: true,
    env: { ...memorySettings, ...lastingEnvironment(env), ELECTRON_RUN_AS_NODE: "1" },
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

/**
 * Returns a folder other than the caller's: on Windows a process keeps its working folder in use, and must not block a
 * project. The home folder may be missing, for example for a service account.
 */
function workingFolder(): string {
  const exists = (folder: string): boolean => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  return [homedir(), tmpdir()].find(exists) ?? dirname(process.execPath);
}
