// Manages what belongs to an open history: a reader for views, and the upkeep of its file, each with a thread that runs
// while it has work. In the background it handles deletions, retention, missing index entries, and the check of a file that
// was not closed properly.

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Timer } from "../../../base/clock.ts";
import type { Disposable } from "../../../base/disposable.ts";
import type { Log } from "../../../base/log.ts";
import { traceOf } from "../../../base/error-message.ts";
import { removeBackups, removeOldBackups } from "./backups.ts";
import type { HistoryFile } from "../open/history-file.ts";
import type { OpenedHistory } from "../open/open-history-file.ts";
import { HistoryReader } from "../reader.ts";
import { remainsIn } from "./remains.ts";
import { HistoryThread } from "../thread/history-thread.ts";
import { isDamage } from "../open/storage-errors.ts";
import type { Pulse } from "../../lifetime/pulse.ts";
import type { Engine } from "../../engine/engine.ts";

export interface HistoryCareOptions {
  /** The program of the daemon, which also runs in threads. */
  readonly script: string;
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly log: Log;
  readonly engine: Engine;
  /** How many days messages are kept; undefined keeps everything. */
  readonly keptDays: () => number | undefined;
  /** The database that an import is filling, next to its history; undefined if there is no import. */
  readonly importUnderWay: () => string | undefined;
  /** Called if the file is damaged, so that nothing written to it now is safe. */
  onDamaged(): void;
}

const dayMs = 24 * 3_600_000;
/** The delay of the first upkeep run, because the daemon is busy when it starts, in milliseconds. */
const firstMs = 2_000;
const everyMs = 6 * 3_600_000;
/** How often a file that was closed properly is checked as a whole. */
const checkEveryMs = 7 * dayMs;

const nothingToDo = { purges: false, index: false };

interface Present {
  readonly opened: OpenedHistory;
  readonly reading: HistoryThread;
  readonly keeping: HistoryThread;
  readonly reader: HistoryReader;
  /** When the whole file was last checked; undefined if it was not closed properly since. */
  checkedAtMs: number | undefined;
}

export class HistoryCare {
  readonly #options: HistoryCareOptions;
  #present: Present | undefined;
  #timer: Timer | undefined;
  #following: Disposable | undefined;
  /** When the next upkeep run is due, on the monotonic clock. */
  #dueMs = Infinity;

  constructor(options: HistoryCareOptions) {
    this.#options = options;
  }

  get reader(): HistoryReader | undefined {
    return this.#present?.reader;
  }

  opened(opened: OpenedHistory): void {
    const { script, clock } = this.#options;
    const { history, file, found } = opened;
    const [reading, keeping] = [1, 2].map(() => new HistoryThread({ script, path: file.path, clock }));
    if (!reading || !keeping) return;
    const checkedAtMs = found.clean ? found.checkedAtMs : undefined;
    this.#present = { opened, reading, keeping, reader: new HistoryReader(history, reading), checkedAtMs };
    history.onHeldUp = () => void this.#attempt("checkpoint", () => keeping.run("checkpoint", {}));
    this.#following?.dispose();
    this.#following = this.#options.pulse.follow({ onBeat: () => this.#lookIfDue() });
    this.#soon(firstMs);
  }

  /** Resolves when the threads have closed the file. */
  async closing(): Promise<void> {
    const present = this.#present;
    this.#present = undefined;
    this.#timer?.dispose();
    this.#following?.dispose();
    await Promise.all([present?.reading.dispose(), present?.keeping.dispose()]);
  }

  /** Resolves when everything deleted has been removed from all files. @returns files that may still contain it */
  async purge(): Promise<string[]> {
    const present = this.#present;
    if (!present) return [];
    const { file, unmerged } = present.opened;
    removeBackups(file.path);
    await this.#purge(present);
    return remainsIn(
      file.folder,
      unmerged.map(({ folder }) => folder),
    );
  }

  /** Applies a new retention setting. */
  retentionChanged(): void {
    if (this.#present) this.#soon(0);
  }

  #soon(delayMs: number): void {
    this.#timer?.dispose();
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      this.#dueMs = -Infinity;
      this.#lookIfDue();
    });
  }

  #lookIfDue(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (!this.#present || nowMs < this.#dueMs) return;
    this.#dueMs = nowMs + everyMs;
    void this.#look(this.#present);
  }

  async #look(present: Present): Promise<void> {
    const { opened, keeping } = present;
    const { clock, keptDays, importUnderWay } = this.#options;
    const { history, file } = opened;
    const nowMs = clock.nowMs();
    await this.#attempt("tidy", () => tidyFolder(file, importUnderWay(), nowMs));
    const { purges, index } = history.isOpen ? history.work : nothingToDo;
    if (purges) await this.#attempt("purge", () => this.#purge(present));
    if (index) await this.#attempt("index", () => keeping.run("index", {}));
    const days = keptDays();
    if (days !== undefined) await this.#attempt("trim", () => this.#trim(present, nowMs - days * dayMs));
    const isDue = present.checkedAtMs === undefined || nowMs - present.checkedAtMs > checkEveryMs;
    if (isDue) await this.#attempt("check", () => this.#check(present, nowMs));
  }

  /** Removes backups first: the deletion stays pending until no backup is left, so it continues after an interruption. */
  async #purge({ opened, keeping }: Present): Promise<void> {
    if (opened.history.isOpen && opened.history.work.deletions) removeBackups(opened.file.path);
    const conversations = await keeping.run("purge", {});
    if (!opened.history.isOpen) return;
    opened.history.purged();
    for (const conversation of conversations) this.#options.engine.dispatch({ kind: "purged", conversation });
  }

  async #trim({ opened, keeping }: Present, beforeMs: number): Promise<void> {
    const conversations = await keeping.run("trim", { beforeMs });
    if (opened.history.isOpen && conversations.length > 0)
      this.#options.engine.dispatch({ kind: "trimmed", conversations });
  }

  async #check(present: Present, nowMs: number): Promise<void> {
    const wrong = await present.keeping.run("check", { nowMs });
    if (wrong === undefined) present.checkedAtMs = nowMs;
    else if (this.#present === present) {
      this.#options.log.error("history damaged", { why: wrong });
      this.#options.onDamaged();
    }
  }

  /** Runs a job. After a failure the next upkeep run tries again; damage is reported, because it does not go away. */
  async #attempt(what: string, work: () => unknown): Promise<void> {
    const before = this.#present;
    try {
      await work();
    } catch (error) {
      if (this.#present !== before || before === undefined) return;
      this.#options.log.error("upkeep of the history failed", { what, error: traceOf(error) });
      if (isDamage(error)) this.#options.onDamaged();
    }
  }
}

/**
 * Removes files of interrupted imports, and old backups from before an update.
 * @param underWay the database of the import in progress
 */
function tidyFolder({ folder, path }: HistoryFile, underWay: string | undefined, nowMs: number): void {
  removeOldBackups(path, nowMs);
  for (const name of readdirSync(folder)) {
    const left = join(folder, name);
    const isUsed = underWay !== undefined && left.startsWith(underWay);
    if (/^import-[\w-]*\.db/.test(name) && !isUsed) rmSync(left, { force: true });
  }
}
