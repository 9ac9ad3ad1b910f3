// A back-off for guessing passwords [P-8.8]: after a few failures of one key (a person at a place, an address) every further
// one doubles the wait, and only one attempt is checked at a time. An attempt counts from when it begins, so that guessing in
// parallel gains nothing. One failure is forgotten each so often; the number of keys is bounded, and no call looks at all.

import { Tally } from "./tally.ts";

export interface ThrottleOptions {
  /** Failures before the first wait: people mistype. */
  readonly freeFailures: number;
  /** How long until one failure is forgotten. */
  readonly forgetMs: number;
  readonly maxWaitMs: number;
  /** `ended`: attempts that are under way count as failed only when they have failed. For many people under one key. */
  readonly counts?: "begun" | "ended";
}

interface Entry {
  readonly failures: Tally;
  retryAtMs: number;
  underWay: number;
}

const minWaitMs = 1_000;
/** More keys than that push out the one that failed longest ago. */
const maxKeys = 20_000;

export class Throttle {
  readonly #options: ThrottleOptions;
  /** In the order of the last failure. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: ThrottleOptions) {
    this.#options = options;
  }

  /** @returns milliseconds until an attempt may begin; 0: `begin` may follow at once */
  waitMs(key: string, nowMs: number): number {
    const entry = this.#entries.get(key);
    if (!entry) return 0;
    const { freeFailures, counts } = this.#options;
    const failures = entry.failures.count(nowMs);
    if (failures < freeFailures) {
      return counts === "ended" || failures + entry.underWay < freeFailures ? 0 : minWaitMs;
    }
    const waitMs = Math.max(0, entry.retryAtMs - nowMs);
    return entry.underWay > 0 ? Math.max(minWaitMs, waitMs) : waitMs;
  }

  /** An attempt is checked now; exactly one of `succeeded`, `failed` and `dropped` follows. */
  begin(key: string): void {
    const entry = this.#entries.get(key) ?? this.#add(key);
    entry.underWay += 1;
  }

  failed(key: string, nowMs: number): void {
    const entry = this.#entries.get(key) ?? this.#add(key);
    const { freeFailures, maxWaitMs } = this.#options;
    this.#ended(entry);
    const failures = entry.failures.add(nowMs, freeFailures + Math.ceil(Math.log2(maxWaitMs / minWaitMs)));
    const waitMs = Math.min(maxWaitMs, minWaitMs * 2 ** (failures - freeFailures));
    if (failures >= freeFailures) entry.retryAtMs = nowMs + waitMs;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  /** It was right: the key starts anew. */
  succeeded(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    if (entry.underWay > 1) this.#add(key).underWay = entry.underWay - 1;
  }

  /** It was not checked after all, or says nothing about the key. */
  dropped(key: string, nowMs: number): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#ended(entry);
    if (entry.underWay === 0 && entry.failures.count(nowMs) === 0) this.#entries.delete(key);
  }

  /** Forgets the keys of which there is nothing to know. */
  sweep(nowMs: number): void {
    for (const [key, { failures, underWay }] of this.#entries) {
      if (failures.count(nowMs) > 0) return;
      if (underWay === 0) this.#entries.delete(key);
    }
  }

  #add(key: string): Entry {
    const entry = { failures: new Tally(this.#options.forgetMs), retryAtMs: 0, underWay: 0 };
    this.#entries.set(key, entry);
    if (this.#entries.size > maxKeys) this.#forgetOldest();
    return entry;
  }

  /** The entry may be a new one of a key that was pushed out meanwhile. */
  #ended(entry: Entry): void {
    entry.underWay = Math.max(0, entry.underWay - 1);
  }

  #forgetOldest(): void {
    const { value, done } = this.#entries.keys().next();
    if (done !== true) this.#entries.delete(value);
  }
}
