// Ends the daemon when nobody has used it for a while: after the last client left, and when a first one never came. It
// bridges a window that reloads, and keeps "offline" true for a person who closed the editor. What has to go on without
// clients (messages that wait, a server on this machine) holds it back for as long as it says.

import type { Clock, Timer } from "../../base/clock.ts";

export interface IdleExitOptions {
  readonly clock: Clock;
  /** How long nobody may be there, in milliseconds. */
  readonly afterMs: number;
  /** For how long it has to go on without clients, in milliseconds from now; 0: not at all. */
  neededForMs(): number;
  onIdle(): void;
}

export class IdleExit {
  readonly #options: IdleExitOptions;
  #timer: Timer | undefined;

  /** The first deadline starts now. */
  constructor(options: IdleExitOptions) {
    this.#options = options;
    this.changed(0);
  }

  /** Also where what holds it back changed. @param clients how many there are now */
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
