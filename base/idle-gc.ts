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

export interface IdleGarbageCollectorOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly gauges: Gauges;
  /** Collects everything and gives the room back, before it returns. */
  readonly collect: () => void;
  /** Looks every second for ever; otherwise only after `stir`, until it has been quiet for a while. */
  readonly watchful: boolean;
}

const lookMs = 1_000;
const quietPart = 0.02;
const worthBytes = 8 * 1_024 * 1_024;
/** Above this a pause could be longer than a quarter of a second. */
const maxHeapBytes = 128 * 1_024 * 1_024;
/** A pause is paid for by so many times its length without another one. */
const apartTimes = 50;
/** So many looks without anything to do, and there is nothing more to come of what happened last. */
const looksUntilRest = 3;

export class IdleGarbageCollector implements Disposable {
  readonly #options: IdleGarbageCollectorOptions;
  #timer: Timer | undefined;
  /** The least memory since it was last given back; at the start nothing was. */
  #lowBytes = 0;
  #notBeforeMs = 0;
  #idleLooks = 0;
  #disposed = false;

  constructor(options: IdleGarbageCollectorOptions) {
    this.#options = options;
    // A start is a burst too.
    this.#lookIn(lookMs);
  }

  /** Something happens that takes memory. Cheap: may be called for every message. */
  stir(): void {
    this.#idleLooks = 0;
    if (this.#timer || this.#disposed) return;
    // How busy it is counts from now on, not from before the rest.
    this.#options.gauges.busyPart();
    this.#lookIn(lookMs);
  }

  /** Idempotent. */
  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #lookIn(delayMs: number): void {
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      const againMs = this.#look();
      this.#idleLooks = againMs === undefined ? this.#idleLooks + 1 : 0;
      if (this.#disposed || (!this.#options.watchful && this.#idleLooks >= looksUntilRest)) return;
      this.#lookIn(againMs ?? lookMs);
    });
  }

  /** @returns after how many milliseconds there may be something to do; undefined where there is nothing */
  #look(): number | undefined {
    const { clock, log, gauges, collect } = this.#options;
    const quiet = gauges.busyPart() < quietPart;
    const before = gauges.residentBytes();
    if (before === undefined) return undefined;
    this.#lowBytes = Math.min(this.#lowBytes, before);
    const startMs = clock.monotonicMs();
    if (!quiet) return lookMs;
    if (before - this.#lowBytes < worthBytes) return undefined;
    if (startMs < this.#notBeforeMs) return Math.max(lookMs, this.#notBeforeMs - startMs);
    if (gauges.heapBytes() > maxHeapBytes) return undefined;
    collect();
    const pauseMs = clock.monotonicMs() - startMs;
    this.#notBeforeMs = startMs + apartTimes * pauseMs;
    this.#lowBytes = gauges.residentBytes() ?? before;
    log.debug("memory_given_back", { bytes: before - this.#lowBytes, pause_ms: Math.round(pauseMs) });
    return undefined;
  }
}

/** @param watchful as in `RestOptions`: for a process that does not say when something happens */
export function startIdleGarbageCollector(clock: Clock, log: Log, watchful = true): IdleGarbageCollector {
  return new IdleGarbageCollector({ clock, log, gauges: ownGauges(clock), collect: collectEverything, watchful });
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
