// Safety made cheap: everything that wants to be on disk in one turn of the event loop goes into one transaction, so one
// fsync serves all of it, and is answered after it [P-5.2]. A failing disk fails the writes of that turn and nothing else;
// the next turn tries again by itself. Writes that nobody waits for are kept and repeated until they succeed.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../base/sqlite.ts";
import type { Clock, Log, Written } from "../core/ports.ts";

export interface Commit {
  /** Executes statements. May run again after it was rolled back. */
  run(): void;
  /** Called once, after the transaction. A lazy one only hears `written`. */
  done(written: Written): void;
}

/** Hears how long each transaction took. */
export interface CommitWatch {
  readonly clock: Clock;
  committed(ms: number): void;
}

export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #log: Log;
  readonly #watch: CommitWatch | undefined;
  #eager: Commit[] = [];
  #lazy: Commit[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  #failing = false;

  constructor(database: DatabaseSync, log: Log, watch?: CommitWatch) {
    this.#database = database;
    this.#log = log;
    this.#watch = watch;
  }

  /** The last transaction could not be written. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Somebody waits for it: it is written at the end of this turn, or fails. */
  add(commit: Commit): void {
    this.#eager.push(commit);
    this.#schedule();
  }

  /** Nobody waits for it: it is written when that is possible. */
  addLazy(commit: Commit): void {
    this.#lazy.push(commit);
    this.#schedule();
  }

  /** As `add`, with what the statements came to. */
  write<T>(run: () => T): Promise<{ readonly value: T } | "failed"> {
    return new Promise((resolve) => {
      let value: T;
      this.add({
        run: () => (value = run()),
        done: (written) => resolve(written === "written" ? { value } : "failed"),
      });
    });
  }

  /** Repeats what could not be written before. Where nothing waits, a write that changes nothing tells how the disk is. */
  retry(): void {
    if (this.#failing && this.#lazy.length === 0) this.#lazy.push({ run: () => this.#probe(), done: () => undefined });
    if (this.#lazy.length > 0) this.#schedule();
  }

  /** Writes what waits, now. */
  flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const eager = this.#eager;
    const lazy = this.#lazy;
    this.#eager = [];
    this.#lazy = [];
    if (eager.length + lazy.length === 0) return;
    if (this.#attempt([...lazy, ...eager])) {
      this.#settle([...lazy, ...eager], "written");
      return;
    }
    // A full disk often still takes deletions, and one kind must not hold up the other.
    if (lazy.length > 0 && eager.length > 0) {
      if (this.#attempt(lazy)) this.#settle(lazy, "written");
      else this.#lazy.unshift(...lazy);
      this.#settle(eager, this.#attempt(eager) ? "written" : "failed");
    } else {
      this.#lazy.unshift(...lazy);
      this.#settle(eager, "failed");
    }
  }

  #probe(): void {
    const version = Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]);
    this.#database.exec(`PRAGMA user_version = ${version}`);
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** One that throws must not keep the others from hearing of it. */
  #settle(commits: readonly Commit[], written: Written): void {
    for (const commit of commits) {
      try {
        commit.done(written);
      } catch (error) {
        this.#log.error("commit_unheard", { error: error instanceof Error ? error.stack : String(error) });
      }
    }
  }

  #attempt(commits: readonly Commit[]): boolean {
    const startMs = this.#watch?.clock.monotonicMs() ?? 0;
    try {
      transact(this.#database, () => {
        for (const commit of commits) commit.run();
      });
    } catch (error) {
      if (!this.#failing) this.#log.error("storage_failing", { error: String(error) });
      this.#failing = true;
      return false;
    }
    this.#watch?.committed(this.#watch.clock.monotonicMs() - startMs);
    if (this.#failing) this.#log.info("storage_recovered");
    this.#failing = false;
    return true;
  }
}
