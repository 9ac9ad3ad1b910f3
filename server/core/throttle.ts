// A back-off for guessing passwords [P-8.8]: after a few failures of one key (an account, an address) every further one
// doubles the wait, and only one attempt is checked at a time, so that guessing in parallel gains nothing. Tokens never
// pass here: whoever has one is not locked out by somebody who guesses.

export interface ThrottleOptions {
  /** Failures before the first wait: people mistype. */
  readonly freeFailures: number;
}

interface Entry {
  failures: number;
  retryAtMs: number;
  lastMs: number;
  checking: boolean;
}

const minWaitMs = 1_000;
const maxWaitMs = 5 * 60 * 1_000;
/** After this long without a failure a key starts anew. */
const forgetMs = 60 * 60 * 1_000;
/** More keys than that push out the one that failed longest ago. */
const maxKeys = 20_000;

export class Throttle {
  readonly #freeFailures: number;
  readonly #entries = new Map<string, Entry>();

  constructor({ freeFailures }: ThrottleOptions) {
    this.#freeFailures = freeFailures;
  }

  /** @returns false when the attempt must be refused unchecked; otherwise `succeeded`, `failed` or `dropped` follows */
  begin(key: string, nowMs: number): boolean {
    const entry = this.#entries.get(key);
    if (!entry || entry.failures < this.#freeFailures) return true;
    if (entry.checking || nowMs < entry.retryAtMs) return false;
    entry.checking = true;
    return true;
  }

  failed(key: string, nowMs: number): void {
    const entry = this.#entries.get(key) ?? { failures: 0, retryAtMs: 0, lastMs: nowMs, checking: false };
    entry.failures += 1;
    entry.lastMs = nowMs;
    entry.checking = false;
    const doublings = entry.failures - this.#freeFailures;
    if (doublings >= 0) entry.retryAtMs = nowMs + Math.min(maxWaitMs, minWaitMs * 2 ** doublings);
    // In the order of the last failure.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > maxKeys) this.#dropOldest();
  }

  /** It was right: the key starts anew. */
  succeeded(key: string): void {
    this.#entries.delete(key);
  }

  /** It was not checked after all, or says nothing about the key. */
  dropped(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) entry.checking = false;
  }

  sweep(nowMs: number): void {
    for (const [key, { lastMs }] of this.#entries) {
      if (nowMs - lastMs < forgetMs) return;
      this.#entries.delete(key);
    }
  }

  #dropOldest(): void {
    const { value, done } = this.#entries.keys().next();
    if (done !== true) this.#entries.delete(value);
  }
}
