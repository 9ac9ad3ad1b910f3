// Ends the daemon after a while without clients: after the last one left, or if none ever came. The delay bridges a window
// that reloads, and makes a person who closed the editor offline soon. Work that goes on without clients (messages that
// wait, a server on this machine) postpones the end.

import type { Clock, Timer } from "../../base/clock.ts";

export interface IdleExitOptions {
  readonly clock: Clock;
  /** Time without clients before the end, in milliseconds. */
  readonly afterMs: number;
  /** How long the daemon must go on without clients, in milliseconds from now; 0: not at all. */
  neededForMs(): number;
  onIdle(): void;
}

export class IdleExit {
  readonly #options: IdleExitOptions;
  #timer: Timer | undefined;

  /** Starts the first deadline. */
  constructor(options: IdleExitOptions) {
    this.#options = options;
    this.changed(0);
  }

  /**
   * Restarts the deadline. Also called if the work that postpones the end has changed. @param clients how many there are
   * now
   */
  changed(clients: number): void {
    this.dispose();
    if (clients === 0) this.#wait(Math.max(this.#options.afterMs, this.#options.neededForMs()));
  }

  /** Idempotent. */
  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #wait(delayMs: number): void {
    if (delayMs === Infinity) return;
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      const neededMs = this.#options.neededForMs();
      if (neededMs > 0) this.#wait(neededMs);
      else this.#options.onIdle();
    });
  }
}
