// Sees to it that views find this daemon for as long as it lives, whoever cleans up around it: looks after the files by which
// they do soon after something happens to them, and at every beat where the system does not tell. A daemon whose folder is
// not its own any more ends, for nobody could ever reach it. Makes room for a newer build at a quiet moment.

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
  /** This daemon has no place any more. */
  onLost(): void;
}

/** Whoever removes the whole folder is not hindered by files that come back while it is being removed. */
const calmMs = 500;

export class KeepFound implements Disposable {
  readonly #options: KeepFoundOptions;
  readonly #beats: Disposable;
  readonly #watcher: FSWatcher | undefined;
  #trouble: string | undefined;
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
    await this.#look();
    this.#options.listener.makeRoom();
  }

  async #look(): Promise<void> {
    const { listener, log } = this.#options;
    try {
      const status = await listener.lookAfter();
      this.#trouble = undefined;
      if (status === "repaired") log.warn("what views find this daemon by was gone, and is made anew");
      if (status === "lost") {
        log.error("the place of this daemon is another's, or gone");
        this.dispose();
        this.#options.onLost();
      }
    } catch (error) {
      const why = messageOf(error);
      // Once for each trouble: it is looked at again for as long as it lasts.
      if (why !== this.#trouble) log.error("views cannot find this daemon", { error: why });
      this.#trouble = why;
    }
  }

  #lookSoon(): void {
    this.#soon ??= this.#options.clock.setTimer(calmMs, () => {
      this.#soon = undefined;
      void this.#look();
    });
  }

  /** Where the system does not tell (a shared drive, too many watchers), the beats do. */
  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#options.home, { persistent: false }, (_, name) => {
        if (name === null || name.startsWith("rendezvous.")) this.#lookSoon();
      });
      return watcher.on("error", () => watcher.close());
    } catch {
      return undefined;
    }
  }
}
