// Maintains the files of the database beyond what SQLite does by itself. Empties the write-ahead log at rest, so that
// nothing that was deleted stays readable there. Returns free pages to the file system, a few at a time. Notices when the
// file system has hardly any room left, before a write fails half-way.

import { statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "../../core/ports.ts";
import { integerOf } from "../row.ts";

export interface FileSizes {
  readonly databaseBytes: number;
  readonly walBytes: number;
  /** The unused part of `databaseBytes`. */
  readonly freeBytes: number;
}

/** Of the file system that contains a folder. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Messages are refused while the file system has less free space, or less than an eighth of a small one. */
export const reserveBytes = 64 * 1_024 * 1_024;
const reserveShare = 1 / 8;
/** The log is cut to this size when SQLite restarts it. */
const walBytes = 16 * 1_024 * 1_024;
/** SQLite's value for a file that returns pages on request. */
const incremental = 2;
/** Free pages that are kept for the next messages. */
const keptPages = 256;
const shrinkPages = 1_024;
/** How long closing may take for this work. */
const closeMs = 300;
/** How long an answer about the file system stays valid. */
const roomMs = 2_000;

export class FileCare {
  readonly #path: string;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #diskSpaceOf: (folder: string) => DiskSpace;
  readonly #statements: Record<"pages" | "free" | "pageSize" | "truncate", StatementSync>;
  readonly #database: DatabaseSync;
  #roomAtMs = -Infinity;
  #hasRoom = true;

  constructor(
    database: DatabaseSync,
    path: string,
    clock: Pick<Clock, "monotonicMs">,
    diskSpaceOf: (folder: string) => DiskSpace = systemDiskSpaceOf,
  ) {
    database.exec(`PRAGMA journal_size_limit = ${walBytes}`);
    this.#database = database;
    this.#path = path;
    this.#clock = clock;
    this.#diskSpaceOf = diskSpaceOf;
    this.#statements = {
      pages: database.prepare("PRAGMA page_count"),
      free: database.prepare("PRAGMA freelist_count"),
      pageSize: database.prepare("PRAGMA page_size"),
      truncate: database.prepare("PRAGMA wal_checkpoint(TRUNCATE)"),
    };
  }

  /**
   * Rewrites a file that cannot return pages yet, so that it can. Deleted data is then nowhere in it.
   * @returns false if that did not succeed, for example for lack of space; nothing is lost
   */
  compact(): boolean {
    const mode = this.#database.prepare("PRAGMA auto_vacuum").get()?.["auto_vacuum"];
    if (mode === incremental) return true;
    try {
      this.#database.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
      return this.truncateLog();
    } catch {
      return false;
    }
  }

  /** @throws the error of SQLite */
  sizes(): FileSizes {
    const pageBytes = integerOf(this.#statements.pageSize.get() ?? {}, "page_size");
    return {
      databaseBytes: integerOf(this.#statements.pages.get() ?? {}, "page_count") * pageBytes,
      freeBytes: this.#freePages() * pageBytes,
      walBytes: statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    };
  }

  /** False: the file system is nearly full. Checks it from time to time. */
  get hasRoom(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#roomAtMs < roomMs) return this.#hasRoom;
    this.#roomAtMs = nowMs;
    try {
      const { freeBytes, totalBytes } = this.#diskSpaceOf(dirname(this.#path));
      this.#hasRoom = freeBytes >= Math.min(reserveBytes, totalBytes * reserveShare);
    } catch {
      // If the file system does not tell, assume that there is room.
      this.#hasRoom = true;
    }
    return this.#hasRoom;
  }

  /** Moves everything into the database file and empties the log. @returns false if a reader is in the way */
  truncateLog(): boolean {
    return integerOf(this.#statements.truncate.get() ?? {}, "busy") === 0;
  }

  /** Returns some free pages. @returns whether there were any */
  shrink(): boolean {
    const pages = Math.min(this.#freePages() - keptPages, shrinkPages);
    if (pages < keptPages) return false;
    this.#database.exec(`PRAGMA incremental_vacuum(${pages})`);
    return true;
  }

  /** At the end: does as much as is possible in a moment. @throws the error of SQLite */
  finish(): void {
    const untilMs = this.#clock.monotonicMs() + closeMs;
    while (this.#clock.monotonicMs() < untilMs && this.shrink());
    this.truncateLog();
  }

  #freePages(): number {
    return integerOf(this.#statements.free.get() ?? {}, "freelist_count");
  }
}

function systemDiskSpaceOf(folder: string): DiskSpace {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
