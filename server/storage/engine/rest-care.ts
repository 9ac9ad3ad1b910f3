// When the files are maintained: once nothing has been written for a moment, and from time to time if writing never ends.
// First the log is emptied, then the file is shrunk, one small step at a time, so that a request waits for one step at
// most.

import type { Clock } from "../../../base/clock.ts";
import { Alarm } from "./alarm.ts";
import type { FileCare } from "./file-care.ts";

/** At rest after this long without a write. */
const restMs = 250;
/** At the latest this long after the first write, at rest or not. */
const latestMs = 10_000;
const stepMs = 10;
/** Pause after a reader was in the way. */
const busyRetryMs = 5_000;

export class RestCare {
  readonly #clock: Clock;
  readonly #care: FileCare;
  readonly #stepped: () => void;
  readonly #alarm: Alarm;
  /** When the first write in the log happened. */
  #firstMs: number | undefined;
  #lastMs = 0;
  #shrinking = false;

  /** @param stepped called when something about the files has changed */
  constructor(clock: Clock, care: FileCare, stepped: () => void) {
    this.#clock = clock;
    this.#care = care;
    this.#stepped = stepped;
    this.#alarm = new Alarm(clock, () => this.#look());
  }

  /** Call it after each transaction. */
  written(): void {
    this.#lastMs = this.#clock.monotonicMs();
    this.#firstMs ??= this.#lastMs;
    this.#alarm.set(this.#lastMs + restMs);
  }

  dispose(): void {
    this.#alarm.dispose();
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    const restsAtMs = this.#lastMs + restMs;
    if (restsAtMs > nowMs && nowMs - (this.#firstMs ?? nowMs) < latestMs) {
      this.#alarm.set(restsAtMs);
      return;
    }
    try {
      this.#alarm.set(nowMs + this.#step());
    } catch {
      // Another program holds a lock, or the disk is in trouble: the next write will report it.
      this.#alarm.set(nowMs + busyRetryMs);
    }
    this.#stepped();
  }

  /** @returns the milliseconds until the next step */
  #step(): number {
    if (this.#firstMs !== undefined) {
      if (!this.#care.truncateLog()) return busyRetryMs;
      this.#firstMs = undefined;
    }
    if (this.#care.shrink()) {
      this.#shrinking = true;
      return stepMs;
    }
    if (this.#shrinking && !this.#care.truncateLog()) return busyRetryMs;
    this.#shrinking = false;
    return Infinity;
  }
}
