// Memory of one person's extension host and daemon, from the kernel (Linux only): resident memory, and for the daemon also
// the part that no other process shares. The processes are found by their command and by that person's CHAT_ROOM_HOME in
// their environment.

import { readdir, readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { UserWindow } from "../../test/e2e/user-window.ts";

/** Idle time before measuring, so that late garbage collection is done. */
const settleMs = 5_000;

/** In bytes. */
export interface Sizes {
  readonly host: number;
  readonly daemon: number;
  /** Without the files of Node.js that all its processes map. */
  readonly daemonOwn: number;
}

export async function chatRoomProcesses(resident: UserWindow): Promise<Sizes> {
  await wait(settleMs);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const sizes = { host: 0, daemon: 0, daemonOwn: 0 };
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (!environment.split("\0").includes(`CHAT_ROOM_HOME=${resident.chatRoomHome}`)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes("--type=extensionHost")) sizes.host += await residentBytes(pid);
    else if (command.includes("daemon.js")) {
      sizes.daemon += await residentBytes(pid);
      sizes.daemonOwn += await ownBytes(pid);
    }
  }
  return sizes;
}

async function residentBytes(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
}

async function ownBytes(pid: string): Promise<number> {
  const sums = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Array.from(sums.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)).reduce(
    (sum, [, kilobytes]) => sum + Number(kilobytes) * 1_024,
    0,
  );
}
