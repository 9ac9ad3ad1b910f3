// The one timer of an idle daemon. Everything that checks something regularly follows it, so that an idle machine wakes up
// once for all of them. Also detects that this machine slept, because the network may have changed. Some systems stop the
// monotonic clock during sleep and others do not, so both clocks are compared. A wall clock that was set forward costs one
// extra check.

import type { Clock, Timer } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import { limits } from "../../protocol/limits.ts";

export interface PulseEvents {
  onBeat(): void;
  /** Called in place of a beat if this machine, or at least this process, stood still for a while. */
  onWake?(): void;
}

/** A little more often than a server requires [P-8.4]. */
export const beatMs = limits.heartbeatMs - 5_000;
/** Even on a busy machine a timer is not this late. */
const asleepMs = 5_000;

export class Pulse implements Disposable {
  readonly #clock: Clock;
  readonly #followers = new Set<PulseEvents>();
  #timer: Timer | undefined;
  #since = { wallMs: 0, monotonicMs: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wait();
  }

  /** @returns a handle that ends it */
  follow(events: PulseEvents): Disposable {
    const own = { ...events };
    this.#followers.add(own);
    return { dispose: () => void this.#followers.delete(own) };
  }

  /** Called on activity: if this machine has just woken up, that is noticed now instead of at the next beat. */
  look(): void {
    if (this.#timer && this.#hasSlept()) this.#beat();
  }

  /** Idempotent. */
  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#followers.clear();
  }

  #wait(): void {
    this.#since = { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() };
    this.#timer = this.#clock.setTimer(beatMs, () => this.#beat());
  }

  #beat(): void {
    const slept = this.#hasSlept();
    this.#timer?.dispose();
    this.#wait();
    for (const events of [...this.#followers]) {
      if (slept && events.onWake) events.onWake();
      else events.onBeat();
    }
  }

  #hasSlept(): boolean {
    const { wallMs, monotonicMs } = this.#since;
    const passedMs = Math.max(this.#clock.nowMs() - wallMs, this.#clock.monotonicMs() - monotonicMs);
    return passedMs > beatMs + asleepMs;
  }
}
