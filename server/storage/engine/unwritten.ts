// Lazy writes that failed: kept in their order, and tried again after growing pauses.

import type { Job } from "./job.ts";

const firstPauseMs = 500;
const longestPauseMs = 30_000;

export class Unwritten {
  readonly #kept: (job: Job) => void;
  #jobs: Job[] = [];
  #pauseMs = firstPauseMs;
  #dueMs = 0;

  /** @param kept called with each job that is kept */
  constructor(kept: (job: Job) => void) {
    this.#kept = kept;
  }

  get length(): number {
    return this.#jobs.length;
  }

  /** When they should be tried again, on the monotonic clock. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Adds jobs behind those that already wait. */
  push(jobs: readonly Job[]): void {
    for (const job of jobs) this.#kept(job);
    this.#jobs.push(...jobs);
  }

  /** Takes all of them, to be tried now. */
  take(): Job[] {
    return this.#jobs.splice(0);
  }

  /** They failed again: they go before those that arrived meanwhile. */
  putBack(jobs: readonly Job[], nowMs: number): void {
    if (jobs.length === 0) return;
    for (const job of jobs) this.#kept(job);
    this.#jobs = [...jobs, ...this.#jobs];
    this.#dueMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
  }

  /** A write succeeded: the next try may succeed too. */
  hurry(): void {
    this.#dueMs = 0;
    this.#pauseMs = firstPauseMs;
  }
}
