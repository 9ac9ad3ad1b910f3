// Ends the daemon when nobody has used it for a while: after the last client left, and when a first one never came. It
// bridges a window that reloads, and keeps "offline" true for a person who closed the editor.

import type { Clock, Timer } from "../base/clock.ts";

export interface IdleExitOptions {
  readonly clock: Clock;
  /** How long nobody may be there, in milliseconds. */
  readonly afterMs: number;
  /** True while it has to go on without clients. */
  isNeeded(): boolean;
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

  /** @param clients how many there are now */
  changed(clients: number): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (clients > 0 || this.#options.isNeeded()) return;
    this.#timer = this.#options.clock.setTimer(this.#options.afterMs, () => this.#options.onIdle());
  }

  dispose(): void {
    this.#timer?.dispose();
  }
}
