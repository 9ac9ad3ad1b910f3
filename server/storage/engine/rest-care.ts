// When the files are cared for: once nothing was written for a moment, and now and then if writing never ends. First the log
// is emptied, then the file is made smaller, one small step at a time: whoever comes meanwhile waits for one step at most.

import type { Clock } from "../../../base/clock.ts";
import { Alarm } from "./alarm.ts";
import type { FileCare } from "./file-care.ts";

/** Without a write for so long it is at rest. */
const restMs = 250;
/** So long after the first write at the latest, at rest or not. */
const latestMs = 10_000;
const stepMs = 10;
/** After a reader was in the way. */
const againMs = 5_000;

export class RestCare {
  readonly #clock: Clock;
  readonly #care: FileCare;
  readonly #stepped: () => void;
  readonly #alarm: Alarm;
  /** The first write that is in the log. */
  #firstMs: number | undefined;
  #lastMs = 0;
  #shrinking = false;

  /** @param stepped something about the files has changed */
  constructor(clock: Clock, care: FileCare, stepped: () => void) {
    this.#clock = clock;
    this.#care = care;
    this.#stepped = stepped;
    this.#alarm = new Alarm(clock, () => this.#look());
  }

  /** After each transaction. */
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
      // Another program holds a lock, or the disk is in trouble: whoever writes will say so.
      this.#alarm.set(nowMs + againMs);
    }
    this.#stepped();
  }

  /** @returns after how long there is another one */
  #step(): number {
    if (this.#firstMs !== undefined) {
      if (!this.#care.truncateLog()) return againMs;
      this.#firstMs = undefined;
    }
    if (this.#care.shrink()) {
      this.#shrinking = true;
      return stepMs;
    }
    if (this.#shrinking && !this.#care.truncateLog()) return againMs;
    this.#shrinking = false;
    return Infinity;
  }
}
