// Problem: a VS Code consists of a dozen processes, and an extension under test may start one that detaches itself (our
// daemon does). A test must be able to end them all, and a killed test run must not leave them behind.
// Approach: every process of a tree inherits a mark in its environment. Disposing signals the process group and, on Linux,
// all processes with the mark, until none is left. A small guard process does the same when our end of its pipe closes,
// which the kernel does however we die.
// Limit: on systems other than Linux a process that left the group is not found.
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createLineTail } from "./line-tail.ts";
import { isLogNoise } from "./noise.ts";
import { markName, signalTree, treeIsAlive, type Tree } from "./process-mark.ts";
import { until } from "./until.ts";

const sigtermMs = 8_000;
const sigkillMs = 4_000;

export interface TreeOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited from ours. */
  readonly env: NodeJS.ProcessEnv;
  /** Called for each line of stdout and stderr. */
  readonly onLine?: (line: string) => void;
  /** Folders that the guard removes if this process dies without disposing. */
  readonly removeFolders?: readonly string[];
}

export interface ProcessTree {
  readonly process: ChildProcess;
  /** Resolves with a text that says how the root process ended. Never rejects. */
  readonly ended: Promise<string>;
  logTail(): string;
  /** Ends the tree: SIGTERM, then SIGKILL after 8 s. Idempotent. Throws if something survives that. */
  dispose(): Promise<void>;
}

export function startTree(options: TreeOptions): ProcessTree {
  const mark = randomUUID();
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env, [markName]: mark },
    detached: process.platform !== "win32", // a group of its own
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const tail = createLineTail(120, options.onLine, (line) => !isLogNoise(line));
  tail.follow(child.stdout);
  tail.follow(child.stderr);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? `exit code ${code ?? "?"}`}`));
  });
  if (child.pid === undefined) {
    return { process: child, ended, logTail: () => tail.text(), dispose: () => Promise.resolve() };
  }
  const tree: Tree = { rootPid: child.pid, mark };
  const guard = startGuard(tree, options.removeFolders ?? []);
  const end = async (): Promise<void> => {
    try {
      await endTree(tree);
    } finally {
      child.stdout.destroy();
      child.stderr.destroy();
      guard.kill("SIGKILL"); // only now: it watched over the ending too
    }
  };
  let ending: Promise<void> | undefined;
  return { process: child, ended, logTail: () => tail.text(), dispose: () => (ending ??= end()) };
}

async function endTree(tree: Tree): Promise<void> {
  const gone = (): true | undefined => (treeIsAlive(tree) ? undefined : true);
  signalTree(tree, "SIGTERM");
  try {
    await until("the processes to end after SIGTERM", gone, sigtermMs);
  } catch {
    const killed = (): true | undefined => {
      signalTree(tree, "SIGKILL"); // each time: one may have been forked just before
      return gone();
    };
    await until("the processes to end after SIGKILL", killed, sigkillMs);
  }
}

function startGuard(tree: Tree, removeFolders: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL("./process-guard.ts", import.meta.url));
  const guard = spawn(process.execPath, [script, String(tree.rootPid), tree.mark, ...removeFolders], {
    detached: true, // a Ctrl-C in the terminal is not for it
    stdio: ["pipe", "ignore", "ignore"],
    windowsHide: true,
  });
  guard.unref();
  guard.on("error", () => undefined); // without it we lose a safety net, not the test
  guard.stdin.on("error", () => undefined);
  return guard;
}
