// Returns memory to the system when the process is idle. After a burst (a server to which everyone reconnects, a daemon
// that receives a full mailbox) V8 keeps the space until something is allocated again, and a quiet process allocates
// nothing. So once a process is quiet and has grown, everything is collected: never under load, and never for more than a
// small part of the time.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock, Timer } from "./clock.ts";
import type { Disposable } from "./disposable.ts";
import type { Log } from "./log.ts";

export interface Gauges {
  /** The share of processor time that this process has used since the last call. */
  busyPart(): number;
  /** Resident memory of the process; undefined if the system does not report it, for example without a free descriptor. */
  residentBytes(): number | undefined;
  /** JavaScript's heap, garbage included: the pause grows with it. */
  heapBytes(): number;
}

export interface IdleGarbageCollectorOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly gauges: Gauges;
  /** Collects everything and returns the memory to the system, synchronously. */
  readonly collect: () => void;
  /** True: checks every second, forever. False: only after `stir`, until it has been quiet for a while. */
  readonly watchful: boolean;
}

const lookMs = 1_000;
const quietPart = 0.02;
const worthBytes = 8 * 1_024 * 1_024;
/** Above this, a pause could take longer than a quarter of a second. */
const maxHeapBytes = 128 * 1_024 * 1_024;
/** After a pause, there is none for this many times its length. */
const apartTimes = 50;
/** After this many checks with nothing to do, nothing more is expected from the last burst. */
const looksUntilRest = 3;

export class IdleGarbageCollector implements Disposable {
  readonly #options: IdleGarbageCollectorOptions;
  #timer: Timer | undefined;
  /** The lowest memory since the last collection; 0 at the start, before any. */
  #lowBytes = 0;
  #notBeforeMs = 0;
  #idleLooks = 0;
  #disposed = false;

  constructor(options: IdleGarbageCollectorOptions) {
    this.#options = options;
    // A start is a burst too.
    this.#lookIn(lookMs);
  }

  /** Reports that something allocates memory. Cheap: may be called for every message. */
  stir(): void {
    this.#idleLooks = 0;
    if (this.#timer || this.#disposed) return;
    // Load is measured from now on, not from before the pause in checking.
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

  /** @returns milliseconds until there may be something to do; undefined if there is nothing */
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

/** @param watchful as in `IdleGarbageCollectorOptions`: true for a process that does not call `stir` */
export function startIdleGarbageCollector(clock: Clock, log: Log, watchful = true): IdleGarbageCollector {
  return new IdleGarbageCollector({ clock, log, gauges: ownGauges(clock), collect: collectEverything, watchful });
}

/**
 * V8 exposes its collector to a context that is created while the flag is set; the program's own code does not see it. The
 * context takes half a megabyte, so it is created for each collection. Without the last resort, V8 keeps the space that a
 * burst of garbage has taken. A runtime that exposes no collector keeps its memory: a timer calls this, so it must not
 * throw.
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
