// The disk of one machine: databases and small files that outlive the process, and what is wrong with it: it is full, one
// commit fails, or the process dies just before or just after one.

import type { DatabaseSync } from "node:sqlite";
import { SimulatedDatabase } from "./database.ts";
import type { Machine } from "./machine.ts";

/** As SQLite says it when the disk is full. */
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
  /** Commits until one fails; none while undefined. */
  failIn: number | undefined;
  /** Commits until the process dies at one. */
  crashIn: { commits: number; readonly committed: boolean } | undefined;
  /** Whoever works on it waits until then: simulated time. */
  hangsUntilMs = 0;
  /** Simulated time at which a commit failed last. */
  failedMs = -Infinity;
  /** A defect: commits are answered at once and safe only so much later. */
  syncLagMs: number | undefined;
  onCrash: () => void = () => undefined;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** The database of that name, with its contents from before a crash. */
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

  /** @throws where the commit fails, and where the process does not live to hear of it */
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

  /** What a process that was killed would still do does not happen. */
  demandLife(): void {
    if (!this.machine.runs) throw new Error("the process is gone");
  }

  crashed(): void {
    for (const database of this.#databases.values()) database.rollBack();
  }

  /** The run is over. */
  dispose(): void {
    for (const database of this.#databases.values()) database.dispose();
    this.#databases.clear();
  }
}
