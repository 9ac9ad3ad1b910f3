// A back-off for guessing passwords [P-8.8]: after a few failures of one key (a person at a place, an address) every further
// one doubles the wait, and only one attempt is checked at a time. An attempt counts from when it begins, so that guessing in
// parallel gains nothing; those beyond may wait to hear what becomes of it, because all of them may be right. One failure is
// forgotten each so often; the number of keys is bounded, and no call looks at all of them.

import { backoffMs } from "../../../protocol/backoff.ts";
import { Tally } from "./tally.ts";

export interface GuessBackoffOptions {
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
  /** Told when the next attempt that is under way has ended. */
  readonly waiting: (() => void)[];
}

const minWaitMs = 1_000;
/** Of one key; there is no use in more, and they are told to come again. */
const maxWaiting = 64;
/** More keys than that push out the one that failed longest ago. */
const maxKeys = 20_000;

export class GuessBackoff {
  readonly #options: GuessBackoffOptions;
  /** In the order of the last failure. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: GuessBackoffOptions) {
    this.#options = options;
  }

  /** @returns milliseconds until an attempt may begin; 0: `begin` may follow at once, unless it `isFull` */
  waitMs(key: string, nowMs: number): number {
    const entry = this.#entries.get(key);
    if (!entry || entry.failures.count(nowMs) < this.#options.freeFailures) return 0;
    const waitMs = Math.max(0, entry.retryAtMs - nowMs);
    return entry.underWay > 0 ? Math.max(minWaitMs, waitMs) : waitMs;
  }

  /** As many are under way as may fail. */
  isFull(key: string, nowMs: number): boolean {
    const entry = this.#entries.get(key);
    if (!entry || this.#options.counts === "ended") return false;
    const failures = entry.failures.count(nowMs);
    return failures < this.#options.freeFailures && failures + entry.underWay >= this.#options.freeFailures;
  }

  /** @returns when the next of those that are under way has ended; undefined if too many wait for it already */
  nextEnd(key: string): Promise<void> | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.waiting.length >= maxWaiting) return undefined;
    return new Promise((resolve) => entry.waiting.push(resolve));
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
    const waitMs = backoffMs({ firstMs: minWaitMs, maxMs: maxWaitMs }, failures - freeFailures);
    if (failures >= freeFailures) entry.retryAtMs = nowMs + waitMs;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  /** The guess was right: the key's count starts again at 0. */
  succeeded(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    if (entry.underWay > 1) this.#add(key).underWay = entry.underWay - 1;
    tell(entry);
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
    const entry = { failures: new Tally(this.#options.forgetMs), retryAtMs: 0, underWay: 0, waiting: [] };
    this.#entries.set(key, entry);
    if (this.#entries.size > maxKeys) this.#forgetOldest();
    return entry;
  }

  /** The entry may be a new one of a key that was pushed out meanwhile. */
  #ended(entry: Entry): void {
    entry.underWay = Math.max(0, entry.underWay - 1);
    tell(entry);
  }

  #forgetOldest(): void {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      tell(entry);
      return;
    }
  }
}

function tell({ waiting }: Entry): void {
  for (const told of waiting.splice(0)) told();
}
