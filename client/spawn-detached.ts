// Starts a Node program that outlives this one: a process of its own, without a window or a console, that does not keep
// the caller alive and inherits of its environment only what it needs (`lastingEnvironment`).

import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname } from "node:path";
import type { Environment } from "../base/home/home.ts";
import type { Started } from "../base/rendezvous/client.ts";
import { lastingEnvironment } from "../base/rendezvous/environment.ts";

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
 * @param env of which the new process is given what it needs
 * @throws with a sentence where the file is gone, or with what the system says where it cannot be started
 */
export async function spawnDetached(file: string, args: readonly string[], env: Environment): Promise<Started> {
  // An update removes the folder of the version before it; a process that cannot load says nothing.
  if (!existsSync(file)) throw new Error(`The program ${file} is gone. Reload the window, or install it again.`);
  const child = spawn(process.execPath, [...young(), file, ...args], {
    cwd: workingFolder(),
    detached: true,
    env: { ...gentle, ...lastingEnvironment(env), ELECTRON_RUN_AS_NODE: "1" },
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
 * Not the caller's: a process holds its own on Windows, and this one must not hold somebody's project. The person's may be
 * missing, as for an account of a service.
 */
function workingFolder(): string {
  const exists = (folder: string): boolean => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  return [homedir(), tmpdir()].find(exists) ?? dirname(process.execPath);
}
