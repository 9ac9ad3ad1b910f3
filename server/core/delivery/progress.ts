// Whether the client of one channel takes anything. Silence is measured from the last progress, because a slow line is not a
// dead one: after 10 s it is stalled, and nothing more is pushed before it takes something [P-5.2]. A client that is there for
// another minute (its session goes on) may have left out the only message it had, so it is sent one more each minute.

import { limits } from "../../../protocol/limits.ts";

export class Progress {
  #madeMs: number;
  #stalled = false;
  /** Stalled, and one more message is due. */
  #oneMore = false;
  /** Monotonic time since which none was due. */
  #triedMs = 0;

  constructor(nowMs: number) {
    this.#madeMs = nowMs;
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  /** Something may be pushed. */
  get open(): boolean {
    return !this.#stalled || this.#oneMore;
  }

  /** The client took something. */
  made(nowMs: number): void {
    this.#madeMs = nowMs;
    this.#stalled = this.#oneMore = false;
  }

  pushed(): void {
    this.#oneMore = false;
  }

  /** @param oldestMs when the oldest message that is waited for was pushed. @returns `stalls`: since now */
  check(nowMs: number, oldestMs: number): "going" | "stalls" | "stalled" {
    if (nowMs - Math.max(this.#madeMs, oldestMs) < limits.acknowledgementMs) return "going";
    const before = this.#stalled;
    if (before && nowMs - this.#triedMs < limits.sessionSilenceMs) return "stalled";
    this.#stalled = true;
    this.#oneMore = before;
    this.#triedMs = nowMs;
    return before ? "stalled" : "stalls";
  }
}
