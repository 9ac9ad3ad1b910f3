// The one row about the server itself: how long it has run, when sessions were last present, and its secret.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "../../core/ports.ts";
import { integerOf, optionalIntegerOf } from "../row.ts";
import { RunningTime } from "../running-time.ts";

/** With other writes, the running time is written at most this often. */
const besideMs = 10_000;
/** On its own, it is written at least this often. */
const aloneMs = 120_000;
/** After a longer pause by the wall clock, sessions from before the restart are not expected back [P-3.6]. */
const earlierMs = 60_000;

export class ServerState {
  readonly time: RunningTime;
  readonly secret: Uint8Array;
  /** Sessions were present shortly before this start. */
  readonly justStopped: boolean;
  readonly #clock: Clock;
  readonly #run: StatementSync;
  readonly #present: StatementSync;
  #writtenMs: number;
  #writingMs: number;

  constructor(database: DatabaseSync, clock: Clock) {
    const row = database.prepare("SELECT running_ms, present_ms, secret FROM server_state").get() ?? {};
    const presentMs = optionalIntegerOf(row, "present_ms");
    const { secret } = row;
    if (!(secret instanceof Uint8Array)) throw new TypeError("column secret holds no bytes");
    this.#clock = clock;
    this.#writtenMs = this.#writingMs = integerOf(row, "running_ms");
    this.time = new RunningTime(this.#writtenMs, clock);
    this.secret = secret;
    this.justStopped = presentMs !== undefined && Math.abs(clock.nowMs() - presentMs) < earlierMs;
    this.#run = database.prepare("UPDATE server_state SET running_ms = ?");
    this.#present = database.prepare("UPDATE server_state SET present_ms = ?");
  }

  /** Call it within a transaction that writes something else. */
  keepBeside(): void {
    if (this.time.nowMs() - this.#writtenMs >= besideMs) this.write();
  }

  /** Call it within a transaction of its own, from time to time. @param anyLive whether a session is present */
  keepAlone(anyLive: boolean): void {
    if (anyLive) this.#present.run(this.#clock.nowMs());
    if (anyLive || this.time.nowMs() - this.#writtenMs >= aloneMs) this.write();
  }

  write(): void {
    this.#writingMs = this.time.nowMs();
    this.#run.run(this.#writingMs);
  }

  committed(): void {
    this.#writtenMs = this.#writingMs;
  }

  rolledBack(): void {
    this.#writingMs = this.#writtenMs;
  }
}
