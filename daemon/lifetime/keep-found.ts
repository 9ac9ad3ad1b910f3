// Makes sure that views can find this daemon for as long as it lives, even if something cleans up its files. Checks the
// rendezvous files soon after they change, and at every beat in case the system does not report changes. If the folder is
// no longer its own, the daemon ends, because nobody could reach it. Also makes room for a newer build at a quiet moment.

import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import type { Clock, Timer } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Log } from "../../base/log.ts";
import type { Listener } from "../../base/rendezvous/listener.ts";
import { messageOf } from "../../base/error-message.ts";
import type { Pulse } from "./pulse.ts";

export interface KeepFoundOptions {
  readonly clock: Clock;
  readonly home: string;
  readonly listener: Pick<Listener, "lookAfter" | "makeRoom">;
  readonly pulse: Pulse;
  readonly log: Log;
  /** Called when this daemon has lost its folder. */
  onLost(): void;
}

/** Debounce, so that files do not reappear while somebody is removing the whole folder. */
const debounceMs = 500;

export class KeepFound implements Disposable {
  readonly #options: KeepFoundOptions;
  readonly #beats: Disposable;
  readonly #watcher: FSWatcher | undefined;
  #lastError: string | undefined;
  #soon: Timer | undefined;

  constructor(options: KeepFoundOptions) {
    this.#options = options;
    this.#beats = options.pulse.follow({
      onBeat: () => void this.#beat(),
      onWake: () => void this.#beat(),
    });
    this.#watcher = this.#watch();
  }

  /** Idempotent. */
  dispose(): void {
    this.#beats.dispose();
    this.#watcher?.close();
    this.#soon?.dispose();
  }

  async #beat(): Promise<void> {
    await this.#check();
    this.#options.listener.makeRoom();
  }

  async #check(): Promise<void> {
    const { listener, log } = this.#options;
    try {
      const status = await listener.lookAfter();
      this.#lastError = undefined;
      if (status === "repaired") log.warn("what views find this daemon by was gone, and is made anew");
      if (status === "lost") {
        log.error("the place of this daemon is another's, or gone");
        this.dispose();
        this.#options.onLost();
      }
    } catch (error) {
      const why = messageOf(error);
      // Logged once per reason, because the check repeats for as long as it lasts.
      if (why !== this.#lastError) log.error("views cannot find this daemon", { error: why });
      this.#lastError = why;
    }
  }

  #checkSoon(): void {
    this.#soon ??= this.#options.clock.setTimer(debounceMs, () => {
      this.#soon = undefined;
      void this.#check();
    });
  }

  /** Watches the folder. If the system does not report changes (a shared drive, too many watchers), only the beats do. */
  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#options.home, { persistent: false }, (_, name) => {
        if (name === null || name.startsWith("rendezvous.")) this.#checkSoon();
      });
      return watcher.on("error", () => watcher.close());
    } catch {
      return undefined;
    }
  }
}
