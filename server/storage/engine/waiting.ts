// Jobs that wait for another program to release its lock: writes that a caller waits for, and reads that must not overtake
// them. They wait no longer than a person would.

import { orderedByAccount } from "../operations.ts";
import { isRead } from "./job.ts";
import type { Job } from "./job.ts";

const longestWaitMs = 5_000;
const firstPauseMs = 10;
const longestPauseMs = 100;

export class Waiting {
  #jobs: Job[] = [];
  #pauseMs = firstPauseMs;

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  push(jobs: readonly Job[]): void {
    this.#jobs.push(...jobs);
  }

  /** Takes all of them, to be tried now. */
  take(): Job[] {
    return this.#jobs.splice(0);
  }

  /** How long to wait before the next try. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** They are being tried again; if that fails, the next pause is longer. */
  again(): void {
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
  }

  /** The lock was released. */
  released(): void {
    this.#pauseMs = firstPauseMs;
  }

  /** Takes the reads that have no write of the same account before them. */
  takeReads(): Job[] {
    const writing = new Set<unknown>();
    const [free, bound]: [Job[], Job[]] = [[], []];
    for (const job of this.#jobs) {
      const [name, account] = job.operation;
      const ordered = orderedByAccount.has(name);
      const overtakes = name === "flush" ? bound.length > 0 : ordered && writing.has(account);
      (isRead(job) && !overtakes ? free : bound).push(job);
      if (ordered && !isRead(job)) writing.add(account);
    }
    this.#jobs = bound;
    return free;
  }

  /** Takes those of a kind that have waited for too long. @param nowMs monotonic; Infinity: all */
  takeLate(nowMs: number, isOfKind: (job: Job) => boolean): Job[] {
    const [late, rest]: [Job[], Job[]] = [[], []];
    for (const job of this.#jobs) {
      (isOfKind(job) && nowMs - job.sinceMs >= longestWaitMs ? late : rest).push(job);
    }
    this.#jobs = rest;
    return late;
  }
}
