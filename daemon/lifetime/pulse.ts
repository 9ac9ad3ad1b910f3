// The one tick of a daemon at rest: whoever has to look at something now and then follows it, so that an idle machine is
// woken once for all of them. Also sees that this machine slept, for then the network may have changed. Some systems stop the
// monotonic clock in sleep and others do not, so both clocks are looked at; a wall clock that was set forward costs one more
// question.

import type { Clock, Timer } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import { limits } from "../../protocol/limits.ts";

export interface PulseEvents {
  onBeat(): void;
  /** In place of a beat: this machine, or at least this process, stood still for a while. */
  onWake?(): void;
}

/** A little more often than a server asks for [P-8.4]. */
export const beatMs = limits.heartbeatMs - 5_000;
/** No busy machine makes a timer so late. */
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

  /** @returns the end of it */
  follow(events: PulseEvents): Disposable {
    const own = { ...events };
    this.#followers.add(own);
    return { dispose: () => void this.#followers.delete(own) };
  }

  /** Somebody does something: where this machine has just woken up, that is noticed now and not at the next beat. */
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
