// A computer: its clocks, its disk, its way to the network, and the one process of ours that runs on it or not. A process
// that crashed does nothing any more; the disk stays.

import { SimulatedClock } from "./clock.ts";
import { SimulatedDisk } from "./disk.ts";
import { Path } from "./path.ts";
import type { Owner, Scheduler } from "./scheduler.ts";
import type { SimulatedSocket } from "./socket.ts";

/** As of a TLS connection, or of one without; nothing is encrypted here. */
export interface WireKind {
  readonly secure: boolean;
  /** Of the key that its client proved to hold. */
  readonly peerKey: string | undefined;
}

export class Machine {
  readonly name: string;
  readonly address: string;
  readonly scheduler: Scheduler;
  readonly disk: SimulatedDisk;
  readonly path = new Path();
  /** How wrong its wall clock is. */
  wallOffsetMs = 0;
  process: Process | undefined;
  /** How its connections to the server are. */
  wire: WireKind = { secure: false, peerKey: undefined };

  constructor(name: string, address: string, scheduler: Scheduler) {
    this.name = name;
    this.address = address;
    this.scheduler = scheduler;
    this.disk = new SimulatedDisk(this);
  }

  get runs(): boolean {
    return this.process?.alive === true;
  }

  /** @param begin does the first things of the process */
  start(begin: (process: Process) => void): void {
    this.crash();
    const process = new Process(this);
    this.process = process;
    this.run(() => begin(process));
  }

  /** Its process does that next, if there is one. */
  run(act: (process: Process) => void): void {
    const { process } = this;
    if (process) this.scheduler.after(0, process, () => act(process));
  }

  /** The process is gone, from one instruction to the next; what was not committed is lost. */
  crash(): void {
    const { process } = this;
    if (!process?.alive) return;
    process.alive = false;
    this.process = undefined;
    this.disk.crashed();
    for (const socket of process.sockets) socket.orphan();
    process.sockets.clear();
  }
}

export class Process implements Owner {
  alive = true;
  stalledUntilMs = 0;
  readonly machine: Machine;
  readonly sockets = new Set<SimulatedSocket>();
  readonly clock: SimulatedClock;

  constructor(machine: Machine) {
    const { scheduler } = machine;
    this.machine = machine;
    this.clock = new SimulatedClock(scheduler, this, () => machine.wallOffsetMs);
  }
}
