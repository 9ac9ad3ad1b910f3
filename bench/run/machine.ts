// The machine on which the figures were measured: the processor, Node, and the disk's time for one fsync (which `mailbox`
// waits for).

import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { canPin } from "./process.ts";
import { median } from "./report.ts";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly pinned: boolean;
  /** Median time of appending 16 KiB to a file and fdatasync. */
  readonly fsyncMs: number;
}

export function describeMachine(folder: string, pin: boolean): Machine {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 1_024 ** 3),
    system: `${type()} ${release()}`,
    node: process.version,
    pinned: pin && canPin,
    fsyncMs: fsyncMs(folder),
  };
}

export function machineText(machine: Machine): string {
  const pinned = machine.pinned
    ? "server and generator on a core each"
    : "NOT pinned: server and generator share cores";
  const { processor, cores, memoryGib, system, node } = machine;
  return `${processor}, ${cores} cores, ${memoryGib} GiB, ${system}, Node ${node}; ${pinned}; fsync ${machine.fsyncMs.toFixed(2)} ms`;
}

function fsyncMs(folder: string): number {
  const path = join(folder, "fsync");
  const file = openSync(path, "w");
  const block = Buffer.alloc(16 * 1_024, 1);
  const times = Array.from({ length: 50 }, () => {
    const start = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  rmSync(path);
  return median(times);
}
