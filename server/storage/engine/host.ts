// Runs the engine for a caller in another thread, or in this one. Operations that arrive while it works form the next
// transaction (group commit), and are answered after it. If the disk fails, the eager ones fail; the lazy ones are kept and
// tried again. A timer waits for a lock that another program holds, so that reading goes on.

import type { Clock } from "../../../base/clock.ts";
import type { Operation, Reply, Request } from "../operations.ts";
import { Alarm } from "./alarm.ts";
import type { AuditLog } from "./audit-log.ts";
import { Chores } from "./chores.ts";
import type { Engine } from "./storage-engine.ts";
import { isBusy } from "./failure.ts";
import type { FileCare } from "./file-care.ts";
import { Gauge } from "./gauge.ts";
import { isLazy, isRead } from "./job.ts";
import type { Job } from "./job.ts";
import type { Replies } from "./replies.ts";
import { RestCare } from "./rest-care.ts";
import { Unwritten } from "./unwritten.ts";
import { Waiting } from "./waiting.ts";

export interface HostParts {
  readonly engine: Engine;
  readonly clock: Clock;
  /** True for a server: time is recorded, and expired entries are dropped. */
  readonly serves: boolean;
  /** Undefined for a database in memory. */
  readonly care: FileCare | undefined;
  readonly audit: AuditLog | undefined;
  readonly replies: Replies;
}

/** Bounds of one transaction, so that nobody waits long for it. */
const maxJobs = 2_000;
const maxTextLength = 8 * 1_024 * 1_024;
/** How often a probe checks whether the disk still fails. */
const probeMs = 500;

export class Host {
  readonly #parts: HostParts;
  readonly #gauge: Gauge;
  readonly #rest: RestCare | undefined;
  readonly #chores: Chores | undefined;
  readonly #unwritten: Unwritten;
  /** Jobs that wait for another program's lock. */
  readonly #waiting = new Waiting();
  readonly #alarm: Alarm;
  #failing = false;
  /** While the disk fails: the last probe succeeded, so not every write fails. */
  #probed = false;
  /** The last attempt met such a lock. */
  #locked = false;

  constructor(parts: HostParts) {
    const { clock, care, engine, replies } = parts;
    this.#parts = parts;
    this.#gauge = new Gauge(care, engine.letters.sizes, clock, replies.log);
    this.#rest = care && new RestCare(clock, care, () => this.#caredFor());
    this.#unwritten = new Unwritten(({ operation }) => {
      // Hidden from reads, although it is still there.
      if (operation[0] === "remove") engine.letters.hide(operation[2]);
    });
    this.#alarm = new Alarm(clock, () => {
      if (this.#waiting.isEmpty) this.#tryAgain();
      else this.#tryWaiting();
      this.#arm();
      this.#reply();
    });
    this.#chores = parts.serves ? new Chores(clock, (operation) => this.#do(operation)) : undefined;
  }

  /** Starts the background work. */
  start(): void {
    this.#rest?.written();
    if (this.#parts.serves && !this.#parts.engine.justStopped) this.#do(["allAway"]);
    this.#chores?.start();
    this.#reply();
  }

  get figures(): Reply["figures"] {
    return this.#gauge.read(this.#failing);
  }

  take(requests: readonly Request[]): void {
    const sinceMs = this.#parts.clock.monotonicMs();
    let jobs: Job[] = [];
    let length = 0;
    for (const { ids, operations } of requests) {
      for (const [index, operation] of operations.entries()) {
        jobs.push({ id: ids[index] ?? 0, operation, sinceMs });
        length += operation[0] === "append" ? operation[2][5].length : 0;
        if (jobs.length < maxJobs && length < maxTextLength) continue;
        this.#perform(jobs);
        this.#reply();
        [jobs, length] = [[], 0];
      }
    }
    if (jobs.length > 0) this.#perform(jobs);
    this.#reply();
  }

  /** Tries once more what is pending, and writes the final state. The database is closed by its owner. */
  close(): void {
    const { engine, care, replies } = this.#parts;
    this.#chores?.dispose();
    this.#rest?.dispose();
    this.#write([...this.#unwritten.take(), ...this.#waiting.take()]);
    this.#fail(this.#waiting.takeLate(Infinity, () => true));
    this.#alarm.dispose();
    if (this.#unwritten.length > 0) replies.log.error("storage_unwritten", { count: this.#unwritten.length });
    try {
      engine.finish();
      care?.finish();
    } catch (error) {
      replies.log.error("storage_unfinished", { error: String(error) });
    }
    this.#reply();
  }

  #do(operation: Operation): void {
    this.take([{ ids: [0], operations: [operation] }]);
  }

  #perform(jobs: readonly Job[]): void {
    if (!this.#waiting.isEmpty) {
      this.#waitBehind(jobs);
    } else if (this.#unwritten.length > 0 && this.#parts.clock.monotonicMs() < this.#unwritten.dueMs) {
      // Lazy jobs keep their order: they come after those that could not be written yet.
      this.#unwritten.push(jobs.filter(isLazy));
      this.#execute(jobs.filter((job) => !isLazy(job)));
    } else {
      this.#execute([...this.#unwritten.take(), ...jobs]);
    }
    this.#arm();
  }

  #execute(jobs: readonly Job[]): void {
    if (jobs.every(isRead)) this.#read(jobs);
    else this.#write(jobs);
  }

  #write(jobs: readonly Job[]): void {
    const left = this.#attempt(jobs);
    if (left.length === 0) return;
    const nowMs = this.#parts.clock.monotonicMs();
    const lazy = left.filter(isLazy);
    const others = left.filter((job) => !isLazy(job));
    if (lazy.length === 0 || others.length === 0 || this.#locked) {
      this.#unwritten.putBack(lazy, nowMs);
      this.#give(others);
    } else {
      // A full disk often still accepts deletions, and one kind must not hold up the other.
      this.#unwritten.putBack(this.#attempt(lazy), nowMs);
      this.#give(others.every(isRead) ? others : this.#attempt(others));
    }
  }

  /** Handles jobs that cannot be written now. */
  #give(others: readonly Job[]): void {
    if (this.#locked) this.#waitBehind(others);
    else this.#fail(others);
  }

  /** @returns the jobs that are not done: neither written, nor failed through their own fault */
  #attempt(jobs: readonly Job[]): readonly Job[] {
    if (jobs.length === 0) return jobs;
    const { engine, clock, replies } = this.#parts;
    const startMs = clock.monotonicMs();
    const attempt = engine.attempt(jobs.map(({ operation }) => operation));
    this.#locked = attempt.kind === "busy";
    if (attempt.kind === "written") {
      this.#written(jobs, attempt.results, clock.monotonicMs() - startMs);
      return [];
    }
    if (attempt.kind === "faulty") {
      const { error, index } = attempt;
      const faulty = jobs[index];
      const text = error instanceof Error ? error.stack : String(error);
      replies.log.error("operation_failed", { operation: faulty?.operation[0], error: text });
      if (faulty) replies.give(faulty.id, "failed");
      if (faulty?.operation[0] === "expire") this.#chores?.expired(false);
      return this.#attempt(jobs.toSpliced(index, 1));
    }
    if (attempt.kind === "failed") this.#fails(String(attempt.error));
    return jobs;
  }

  #written(jobs: readonly Job[], results: readonly unknown[], tookMs: number): void {
    const { engine, audit, replies } = this.#parts;
    const { notes } = engine;
    for (const [index, { id, operation }] of jobs.entries()) {
      replies.give(id, results[index]);
      if (operation[0] === "remove") engine.letters.unhide(operation[2]);
      if (operation[0] === "expire") this.#chores?.expired(results[index] === true);
    }
    replies.written(tookMs, notes);
    if (notes.expired.size > 0) replies.log.info("expired", Object.fromEntries(notes.expired));
    audit?.write(notes.audit);
    notes.clear();
    this.#rest?.written();
    this.#waiting.released();
    this.#works();
  }

  /** Ends the failing state, unless something is still unwritten. */
  #works(): void {
    if (this.#unwritten.length > 0) return;
    if (this.#failing) this.#parts.replies.log.info("storage_recovered");
    this.#failing = this.#probed = false;
    this.#unwritten.hurry();
  }

  #fails(error: string): void {
    if (!this.#failing) this.#parts.replies.log.error("storage_failing", { error });
    this.#failing = true;
  }

  /** Fails the writes that a caller waits for; reading may still work. */
  #fail(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (isRead(job)) this.#read([job]);
      else this.#parts.replies.give(job.id, "failed");
    }
  }

  #read(jobs: readonly Job[]): void {
    const { engine, audit, replies } = this.#parts;
    for (const [index, job] of jobs.entries()) {
      try {
        replies.give(job.id, engine.read(job.operation));
      } catch (error) {
        if (isBusy(error)) {
          this.#waiting.push(jobs.slice(index));
          break;
        }
        replies.give(job.id, "failed");
      }
    }
    audit?.write(engine.notes.audit);
    engine.notes.clear();
  }

  /** Another program has the lock: reads go on, unless they have to come after a write that waits. */
  #waitBehind(jobs: readonly Job[]): void {
    this.#unwritten.push(jobs.filter(isLazy));
    this.#waiting.push(jobs.filter((job) => !isLazy(job)));
    this.#read(this.#waiting.takeReads());
  }

  /** Sets a timer to try again if something waits. */
  #arm(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (!this.#waiting.isEmpty) {
      this.#alarm.set(nowMs + this.#waiting.pauseMs);
    } else {
      this.#alarm.set(this.#unwritten.length > 0 ? this.#unwritten.dueMs : Infinity);
      this.#alarm.set(this.#failing ? nowMs + probeMs : Infinity);
    }
  }

  #tryAgain(): void {
    const { clock, engine } = this.#parts;
    if (this.#failing) {
      const probed = engine.probe();
      if (probed && !this.#probed) this.#unwritten.hurry();
      this.#probed = probed;
      if (probed) this.#works();
    }
    if (this.#unwritten.length > 0 && clock.monotonicMs() >= this.#unwritten.dueMs) this.#write(this.#unwritten.take());
  }

  #tryWaiting(): void {
    const { clock, replies } = this.#parts;
    this.#waiting.again();
    this.#write([...this.#unwritten.take(), ...this.#waiting.take()]);
    const nowMs = clock.monotonicMs();
    const late = this.#waiting.takeLate(nowMs, (job) => !isRead(job));
    for (const { id } of late) replies.give(id, "failed");
    if (late.length > 0) this.#read(this.#waiting.takeReads());
    const unread = this.#waiting.takeLate(nowMs, isRead);
    for (const { id } of unread) replies.give(id, "failed");
    if (late.length + unread.length > 0) this.#fails("another program holds a lock on the database");
  }

  #caredFor(): void {
    this.#gauge.forget();
    this.#reply();
  }

  #reply(): void {
    const { engine, replies } = this.#parts;
    replies.send(this.figures, (account) => engine.letters.isEmpty(account));
  }
}
