// Gives memory back to the system when there is nothing to do. V8 keeps the room that a burst had filled (a server that
// everybody comes back to, a daemon that takes a full mailbox) until something is allocated again, and a quiet process
// allocates nothing. So once it is quiet and has grown, everything is collected: never under load, and never for more than
// a small part of the time.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock, Timer } from "./clock.ts";
import type { Disposable } from "./disposable.ts";
import type { Log } from "./log.ts";

export interface Gauges {
  /** The processor time of this process since the last call, as a part of the time that went by. */
  busyPart(): number;
  /** The resident memory of the process; undefined where the system does not say, as without a free file descriptor. */
  residentBytes(): number | undefined;
  /** What JavaScript holds, garbage included: the pause grows with it. */
  heapBytes(): number;
}

export interface RestOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly gauges: Gauges;
  /** Collects everything and gives the room back, before it returns. */
  readonly collect: () => void;
}

const lookMs = 1_000;
const quietPart = 0.02;
const worthBytes = 8 * 1_024 * 1_024;
/** Above this a pause could be longer than a quarter of a second. */
const maxHeapBytes = 128 * 1_024 * 1_024;
/** A pause is paid for by so many times its length without another one. */
const apartTimes = 200;

export class Rest implements Disposable {
  readonly #options: RestOptions;
  #timer: Timer;
  /** The least memory since it was last given back; at the start nothing was. */
  #lowBytes = 0;
  #notBeforeMs = 0;

  constructor(options: RestOptions) {
    this.#options = options;
    this.#timer = this.#soon();
  }

  /** Idempotent. */
  dispose(): void {
    this.#timer.dispose();
  }

  #soon(): Timer {
    return this.#options.clock.setTimer(lookMs, () => {
      this.#look();
      this.#timer = this.#soon();
    });
  }

  #look(): void {
    const { clock, log, gauges, collect } = this.#options;
    const quiet = gauges.busyPart() < quietPart;
    const before = gauges.residentBytes();
    if (before === undefined) return;
    this.#lowBytes = Math.min(this.#lowBytes, before);
    const startMs = clock.monotonicMs();
    if (!quiet || before - this.#lowBytes < worthBytes || startMs < this.#notBeforeMs) return;
    if (gauges.heapBytes() > maxHeapBytes) return;
    collect();
    const pauseMs = clock.monotonicMs() - startMs;
    this.#notBeforeMs = startMs + apartTimes * pauseMs;
    this.#lowBytes = gauges.residentBytes() ?? before;
    log.debug("memory_given_back", { bytes: before - this.#lowBytes, pause_ms: Math.round(pauseMs) });
  }
}

export function startRest(clock: Clock, log: Log): Rest {
  return new Rest({ clock, log, gauges: ownGauges(clock), collect: collectEverything });
}

/**
 * V8 hands its collector out to a context that is made while the flag is set; the program's own code does not see it. The
 * context takes half a megabyte, so that it is made anew each time. Without the last resort V8 keeps the room that a burst
 * of garbage had taken. A runtime that hands none out keeps its memory: this is called by a timer, which must not throw.
 */
function collectEverything(): void {
  setFlagsFromString("--expose-gc");
  try {
    runInNewContext('globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" })');
  } finally {
    setFlagsFromString("--no-expose-gc");
  }
}

function ownGauges(clock: Clock): Gauges {
  let seen = { atMs: clock.monotonicMs(), usage: process.cpuUsage() };
  return {
    busyPart() {
      const before = seen;
      seen = { atMs: clock.monotonicMs(), usage: process.cpuUsage() };
      const { user, system } = process.cpuUsage(before.usage);
      return (user + system) / 1_000 / (seen.atMs - before.atMs);
    },
    residentBytes() {
      try {
        return process.memoryUsage.rss();
      } catch {
        return undefined;
      }
    },
    heapBytes: () => process.memoryUsage().heapUsed,
  };
}
