// A SQLite database in memory that outlives the process which wrote it. Runs real SQL; the simulated disk decides about its
// commits, and (as a deliberate defect) may answer them before they are safe.

import { DatabaseSync } from "node:sqlite";
import type { SimulatedDisk } from "./disk.ts";

const ofTransactions: ReadonlySet<string> = new Set(["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"]);

export class SimulatedDatabase extends DatabaseSync {
  /** Undefined once the run is over, because SQLite's own references would keep all of it in memory. */
  #disk: SimulatedDisk | undefined;
  /** Set once its tables exist; from then on faults apply. */
  armed = false;

  constructor(disk: SimulatedDisk) {
    super(":memory:");
    this.#disk = disk;
    this.exec("PRAGMA foreign_keys = ON");
  }

  override exec(sql: string): void {
    const disk = this.#disk;
    if (!disk || !this.armed || !ofTransactions.has(sql)) super.exec(sql);
    else if (disk.syncLagMs !== undefined) this.#lagging(disk, sql, disk.syncLagMs);
    else if (sql === "COMMIT") disk.commit(() => super.exec(sql));
    else this.#begin(disk, sql);
  }

  /** The contents stay for the next process. */
  override close(): void {
    this.rollBack();
  }

  rollBack(): void {
    if (this.isTransaction) super.exec("ROLLBACK");
  }

  dispose(): void {
    this.#disk = undefined;
    super.close();
  }

  #begin(disk: SimulatedDisk, sql: string): void {
    if (sql === "BEGIN IMMEDIATE") disk.demandLife();
    super.exec(sql);
  }

  /** One transaction stays open until it is synced; transactions inside it are savepoints. */
  #lagging(disk: SimulatedDisk, sql: string, lagMs: number): void {
    disk.demandLife();
    if (sql === "BEGIN IMMEDIATE") {
      if (!this.isTransaction) this.#beginLagging(disk, lagMs);
      super.exec("SAVEPOINT step");
      return;
    }
    if (sql === "COMMIT") disk.commit(() => undefined);
    else super.exec("ROLLBACK TO step");
    super.exec("RELEASE step");
  }

  #beginLagging({ machine }: SimulatedDisk, lagMs: number): void {
    super.exec("BEGIN IMMEDIATE");
    machine.scheduler.after(lagMs, machine.process, () => {
      if (this.isTransaction) super.exec("COMMIT");
    });
  }
}
