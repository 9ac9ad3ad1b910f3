// When a link has to show that it lives: as often as the server asks for [P-8.4], and soon after this machine woke up, for
// then the network behind the link may have changed. Some systems stop the monotonic clock in sleep and others do not, so
// both clocks are looked at; a wall clock that was set forward costs one more question.

import type { Clock, Timer } from "../../base/clock.ts";
import { limits } from "../../protocol/limits.ts";

export interface HeartbeatEvents {
  onBeat(): void;
  /** This machine, or at least this process, stood still for a while. */
  onWake(): void;
}

const lookMs = 5_000;
/** A little more often than the server asks for. */
const looksInABeat = Math.floor(limits.heartbeatMs / lookMs) - 1;
/** No busy machine makes a timer so late. */
const asleepMs = 5_000;

export class Heartbeat {
  readonly #clock: Clock;
  readonly #events: HeartbeatEvents;
  #timer: Timer | undefined;
  #looks = 0;

  constructor(clock: Clock, events: HeartbeatEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#lookLater();
  }

  /** Idempotent. */
  dispose(): void {
    this.#timer?.dispose();
  }

  #lookLater(): void {
    const [wallMs, monotonicMs] = [this.#clock.nowMs(), this.#clock.monotonicMs()];
    this.#timer = this.#clock.setTimer(lookMs, () => {
      this.#lookLater();
      const passedMs = Math.max(this.#clock.nowMs() - wallMs, this.#clock.monotonicMs() - monotonicMs);
      this.#looks += 1;
      if (passedMs > lookMs + asleepMs) this.#events.onWake();
      else if (this.#looks % looksInABeat === 0) this.#events.onBeat();
    });
  }
}
