// Decides when requests are read from a link: not while it is held (a request is served after which nothing may be read
// yet, or the server stops), while too many requests have no answer, while the client does not read its answers, or while a
// budget is overdrawn [P-8.6]. What is not read waits with the client: TCP slows it down.

import type { Link } from "../ports.ts";
import type { TokenBucket } from "./token-bucket.ts";

/** Reading stops at this many requests without an answer, and resumes at the lower number. */
const maxPending = 1_024;
const resumePending = 512;
/** Reading stops at this many bytes that the client has not read, and resumes at the lower number. */
const maxUnreadBytes = 256 * 1_024;
const resumeUnreadBytes = 64 * 1_024;

export class ReadGate {
  readonly #link: Pick<Link, "pause" | "resume">;
  readonly #unreadBytes: () => number;
  #holds = 0;
  #crowded = false;
  #unread = false;
  /** Overdrawn budgets: nothing is read until there are none. */
  #debts: TokenBucket[] = [];

  /** @param unreadBytes of answers that the client has not taken, or that wait for an earlier answer */
  constructor(link: Pick<Link, "pause" | "resume">, unreadBytes: () => number) {
    this.#link = link;
    this.#unreadBytes = unreadBytes;
  }

  /** Nothing is read. */
  get closed(): boolean {
    return this.#holds > 0;
  }

  /** Stops reading until `release` has been called as often. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds === 1) this.#link.pause();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#link.resume();
  }

  /** @param pending requests without an answer now */
  count(pending: number): void {
    if (!this.#crowded && pending >= maxPending) {
      this.#crowded = true;
      this.hold();
    } else if (this.#crowded && pending <= resumePending) {
      this.#crowded = false;
      this.release();
    }
    if (!this.#unread && this.#unreadBytes() > maxUnreadBytes) {
      this.#unread = true;
      this.hold();
    }
  }

  /** The client took something. */
  flushed(): void {
    if (!this.#unread || this.#unreadBytes() > resumeUnreadBytes) return;
    this.#unread = false;
    this.release();
  }

  /** @param bucket is overdrawn */
  owe(bucket: TokenBucket): void {
    if (this.#debts.includes(bucket)) return;
    this.#debts.push(bucket);
    if (this.#debts.length === 1) this.hold();
  }

  sweep(nowMs: number): void {
    if (this.#debts.length === 0) return;
    this.#debts = this.#debts.filter((bucket) => !bucket.isWithin(nowMs));
    if (this.#debts.length === 0) this.release();
  }
}
