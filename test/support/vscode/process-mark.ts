// Finds and signals the processes of one tree: see process-tree.ts. Synchronous, so that a dying process can use it too.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** Environment variable that carries a tree's mark. */
export const markName = "CHAT_ROOM_TEST_TREE";

export interface Tree {
  /** Also the id of its process group. */
  readonly rootPid: number;
  readonly mark: string;
}

export function signalTree(tree: Tree, signal: "SIGTERM" | "SIGKILL"): void {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(tree.rootPid), "/t", "/f"], { windowsHide: true });
    return;
  }
  signalPid(-tree.rootPid, signal);
  for (const pid of markedPids(tree.mark)) signalPid(pid, signal);
}

/** Zombies do not count: in a container nobody may ever reap them. */
export function treeIsAlive(tree: Tree): boolean {
  if (process.platform === "linux") return markedPids(tree.mark).length > 0;
  try {
    return process.kill(process.platform === "win32" ? tree.rootPid : -tree.rootPid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function signalPid(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended meanwhile
  }
}

function markedPids(mark: string): number[] {
  if (process.platform !== "linux") return [];
  const wanted = `${markName}=${mark}\0`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(wanted))
    .map(Number);
}

/** Empty for a zombie, for a process that ended meanwhile, and for one that is not ours to read. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
