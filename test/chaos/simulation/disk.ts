// The disk of one machine: SQLite databases in memory that outlive the process, and small files. Real SQL runs; what is
// simulated is the commit: it may fail, the process may die just before or just after it, and (as a deliberate defect)
// it may be answered before it is safe.

import { DatabaseSync } from "node:sqlite";
import type { Machine } from "./machine.ts";

/** As SQLite says it when the disk is full. */
class DiskFull extends Error {
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
    this.failIn = this.crashIn = undefined;
  }

  crashed(): void {
    for (const database of this.#databases.values()) database.forgetUnsynced();
  }
}

export class SimulatedDatabase extends DatabaseSync {
  readonly #disk: SimulatedDisk;
  /** Its tables are made; from now on faults apply. */
  armed = false;

  constructor(disk: SimulatedDisk) {
    super(":memory:");
    this.#disk = disk;
    this.exec("PRAGMA foreign_keys = ON");
  }

  override exec(sql: string): void {
    if (!this.armed || !["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"].includes(sql)) super.exec(sql);
    else if (this.#disk.syncLagMs !== undefined) this.#lagging(sql, this.#disk.syncLagMs);
    else if (sql === "COMMIT") this.#commit(() => super.exec(sql));
    else this.#begin(sql);
  }

  /** The contents stay for the next process. */
  override close(): void {
    if (this.isTransaction) super.exec("ROLLBACK");
  }

  forgetUnsynced(): void {
    if (this.isTransaction) super.exec("ROLLBACK");
  }

  #begin(sql: string): void {
    if (sql === "BEGIN IMMEDIATE") this.#demandLife();
    super.exec(sql);
  }

  #commit(commit: () => void): void {
    const disk = this.#disk;
    this.#demandLife();
    if (disk.full) throw new DiskFull();
    if (disk.failIn !== undefined) {
      disk.failIn -= 1;
      if (disk.failIn <= 0) {
        disk.failIn = undefined;
        throw new Error("disk I/O error");
      }
    }
    const { crashIn } = disk;
    if (crashIn) crashIn.commits -= 1;
    if (!crashIn || crashIn.commits > 0) {
      commit();
      return;
    }
    disk.crashIn = undefined;
    if (crashIn.committed) commit();
    disk.onCrash();
    throw new Error("the process is gone");
  }

  /** What a process that was killed would still do does not happen. */
  #demandLife(): void {
    if (!this.#disk.machine.runs) throw new Error("the process is gone");
  }

  /** One transaction stays open until it is synced; those inside it are savepoints. */
  #lagging(sql: string, lagMs: number): void {
    this.#demandLife();
    if (sql === "BEGIN IMMEDIATE") {
      if (!this.isTransaction) {
        super.exec(sql);
        const { process, scheduler } = this.#disk.machine;
        scheduler.after(lagMs, process, () => {
          if (this.isTransaction) super.exec("COMMIT");
        });
      }
      super.exec("SAVEPOINT step");
    } else {
      if (sql === "COMMIT") this.#commit(() => undefined);
      else super.exec("ROLLBACK TO step");
      super.exec("RELEASE step");
    }
  }
}
