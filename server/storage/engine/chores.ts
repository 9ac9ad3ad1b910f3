// The background work of a server's storage: records how long the server has run, and drops expired entries, a few at a
// time.

import type { Clock, Timer } from "../../../base/clock.ts";
import type { Operation } from "../operations.ts";

const keepTimeMs = 30_000;
const expireMs = 60 * 60 * 1_000;
/** Pause between two batches of expired entries: others come first. */
const pieceMs = 20;

export class Chores {
  readonly #clock: Clock;
  readonly #enqueue: (operation: Operation) => void;
  readonly #timers = { time: undefined as Timer | undefined, expire: undefined as Timer | undefined };

  constructor(clock: Clock, enqueue: (operation: Operation) => void) {
    this.#clock = clock;
    this.#enqueue = enqueue;
  }

  start(): void {
    this.#keepTime();
    this.#expireIn(0);
  }

  /** A batch was dropped. @param more there may be others */
  expired(more: boolean): void {
    this.#expireIn(more ? pieceMs : expireMs);
  }

  dispose(): void {
    this.#timers.time?.dispose();
    this.#timers.expire?.dispose();
  }

  #keepTime(): void {
    this.#timers.time = this.#clock.setTimer(keepTimeMs, () => {
      this.#enqueue(["keepTime"]);
      this.#keepTime();
    });
  }

  #expireIn(delayMs: number): void {
    this.#timers.expire?.dispose();
    this.#timers.expire = this.#clock.setTimer(delayMs, () => this.#enqueue(["expire"]));
  }
}
