// CPU time and memory of processes from /proc. If there is none (not Linux), everything is -1: unknown.

import { readFileSync } from "node:fs";

/** Clock ticks per second in /proc: 100 on every Linux that runs Node. */
const ticksPerSecond = 100;

/** CPU seconds of a process and its threads so far. */
export function cpuSeconds(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(")").at(-1)?.trim().split(" ") ?? [];
  const [user, system] = [fields[11], fields[12]];
  return user === undefined || system === undefined ? -1 : (Number(user) + Number(system)) / ticksPerSecond;
}

/** CPU seconds of the whole machine so far, without idle time and waiting for disks. */
export function machineCpuSeconds(): number {
  const fields = /^cpu +(.*)$/m.exec(read("/proc/stat"))?.[1]?.split(" ").map(Number);
  if (!fields) return -1;
  // user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user
  return [0, 1, 2, 5, 6, 7].reduce((sum, index) => sum + (fields[index] ?? 0), 0) / ticksPerSecond;
}

/** Resident memory of a process in KiB. */
export function rssKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? -1);
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
