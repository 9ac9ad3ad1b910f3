// The disk of one machine: databases and small files that outlive the process, and its faults: it is full, one commit
// fails, or the process dies just before or just after one.

import type { DatabaseSync } from "node:sqlite";
import { SimulatedDatabase } from "./database.ts";
import type { Machine } from "./machine.ts";

/** SQLite's error for a full disk. */
export class DiskFull extends Error {
  readonly errcode = 13;
  constructor() {
    super("database or disk is full");
  }
}

export class SimulatedDisk {
  readonly machine: Machine;
  readonly files = new Map<string, string>();
  readonly #databases = new Map<string, SimulatedDatabase>();
  /** Nothing can be written. */
  full = false;
  /** Number of commits until one fails; undefined: none fails. */
  failIn: number | undefined;
  /** Number of commits until the process dies at one. */
  crashIn: { commits: number; readonly committed: boolean } | undefined;
  /** Until this simulated time, work on the disk waits. */
  hangsUntilMs = 0;
  /** Simulated time of the last failed commit. */
  failedMs = -Infinity;
  /** A defect: commits are answered at once, and are safe only this much later. */
  syncLagMs: number | undefined;
  onCrash: () => void = () => undefined;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Returns the database of that name, with its contents from before a crash. */
  database(name: string, create: (made: DatabaseSync) => void): SimulatedDatabase {
    let found = this.#databases.get(name);
    if (!found) {
      found = new SimulatedDatabase(this);
      create(found);
      found.armed = true;
      this.#databases.set(name, found);
    }
    return found;
  }

  get databases(): Iterable<SimulatedDatabase> {
    return this.#databases.values();
  }

  heal(): void {
    this.full = false;
    this.hangsUntilMs = 0;
    this.failIn = this.crashIn = undefined;
  }

  /** @throws if the commit fails, or if the process dies before it learns the outcome */
  commit(write: () => void): void {
    this.demandLife();
    if (this.full) throw this.#failed(new DiskFull());
    if (this.failIn !== undefined && --this.failIn <= 0) {
      this.failIn = undefined;
      throw this.#failed(new Error("disk I/O error"));
    }
    const { crashIn } = this;
    if (!crashIn || --crashIn.commits > 0) {
      write();
      return;
    }
    this.crashIn = undefined;
    if (crashIn.committed) write();
    this.onCrash();
    throw new Error("the process is gone");
  }

  #failed(error: Error): Error {
    this.failedMs = this.machine.scheduler.nowMs;
    return error;
  }

  /** Throws if the process was killed, so that nothing more happens. */
  demandLife(): void {
    if (!this.machine.runs) throw new Error("the process is gone");
  }

  crashed(): void {
    for (const database of this.#databases.values()) database.rollBack();
  }

  /** Called when the run is over. */
  dispose(): void {
    for (const database of this.#databases.values()) database.dispose();
    this.#databases.clear();
  }
}
