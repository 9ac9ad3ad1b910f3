// Writes that nobody waits for and that could not be made: kept in their order, and tried again after growing pauses.

import type { Job } from "./job.ts";

const firstPauseMs = 500;
const longestPauseMs = 30_000;

export class Unwritten {
  readonly #kept: (job: Job) => void;
  #jobs: Job[] = [];
  #pauseMs = firstPauseMs;
  #dueMs = 0;

  /** @param kept is called with each that is kept */
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

  /** Behind those that wait already. */
  push(jobs: readonly Job[]): void {
    for (const job of jobs) this.#kept(job);
    this.#jobs.push(...jobs);
  }

  /** All of them, to be tried now. */
  take(): Job[] {
    return this.#jobs.splice(0);
  }

  /** They failed: before those that came meanwhile. */
  putBack(jobs: readonly Job[], nowMs: number): void {
    if (jobs.length === 0) return;
    for (const job of jobs) this.#kept(job);
    this.#jobs = [...jobs, ...this.#jobs];
    this.#dueMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
  }

  /** Something could be written: the next try may succeed. */
  hurry(): void {
    this.#dueMs = 0;
    this.#pauseMs = firstPauseMs;
  }
}
