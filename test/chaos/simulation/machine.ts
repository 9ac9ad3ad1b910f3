// A computer: its clocks, its disk, its path to the network, and the one process of ours that may be running on it. A
// process that crashed does nothing any more; the disk stays.

import { SimulatedClock } from "./clock.ts";
import { SimulatedDisk } from "./disk.ts";
import { Path } from "./path.ts";
import type { Owner, Scheduler } from "./scheduler.ts";
import type { SimulatedSocket } from "./socket.ts";

/** Like a TLS connection, or one without TLS; nothing is encrypted here. */
export interface WireKind {
  readonly secure: boolean;
  /** The key that its client proved to hold. */
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
  /** The kind of its connections to the server. */
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

  /** @param begin performs the first actions of the process */
  start(begin: (process: Process) => void): void {
    this.crash();
    const process = new Process(this);
    this.process = process;
    this.run(() => begin(process));
  }

  /** Runs `act` in its process next, if there is one. */
  run(act: (process: Process) => void): void {
    const { process } = this;
    if (process) this.scheduler.after(0, process, () => act(process));
  }

  /** Kills the process between two instructions; what was not committed is lost. */
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
