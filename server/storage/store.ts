// Everything of the server that is on disk: one SQLite file in the data folder, opened once. Sees what admin commands of
// another process wrote before the next request is served, by SQLite's own change counter (about a microsecond a turn).

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../base/sqlite.ts";
import type { Clock, Log } from "../core/ports.ts";
import { Directory } from "./directory.ts";
import { GroupCommit } from "./group-commit.ts";
import type { CommitWatch } from "./group-commit.ts";
import { MailboxStore } from "./mailbox-store.ts";
import { migrations } from "./schema.ts";
import { TokenStore } from "./token-store.ts";

export const databaseName = "chat-room.db";

/** @throws CorruptDatabase, NewerDatabase, or what the file system says */
export function openServerDatabase(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return openDatabase(join(folder, databaseName), migrations, { keepsOldVersion: true });
}

/** How often what is too old is looked for. */
const expireMs = 60 * 60 * 1_000;

export class Store {
  readonly directory: Directory;
  readonly tokens: TokenStore;
  readonly mailbox: MailboxStore;
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #version: () => number;
  #seenVersion: number;
  #checkedThisTurn = false;
  #expireAtMs: number;

  /** @param database is closed by `close` */
  constructor(database: DatabaseSync, clock: Clock, log: Log, watch?: CommitWatch) {
    const versions = database.prepare("PRAGMA data_version");
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
    this.#version = () => Number(versions.get()?.["data_version"]);
    this.#commits = new GroupCommit(database, log, watch);
    this.directory = new Directory(database, this.#commits, clock, () => this.#refresh());
    this.tokens = new TokenStore(database, this.#commits, clock);
    this.mailbox = new MailboxStore(database, this.#commits, clock);
    this.#seenVersion = this.#version();
    this.#expireAtMs = clock.monotonicMs();
    this.#load();
  }

  /** Asks the disk, and remembers how the last write went. */
  get works(): boolean {
    try {
      this.#version();
    } catch {
      return false;
    }
    return !this.#commits.failing;
  }

  /** Repeats failed writes, and drops what is too old. */
  sweep(): void {
    this.#commits.retry();
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#expireAtMs) return;
    this.#expireAtMs = nowMs + expireMs;
    this.directory.expire();
    this.tokens.expire();
    this.mailbox.expire();
  }

  /** Writes what waits to be written, now. */
  flush(): void {
    this.#commits.flush();
  }

  close(): void {
    this.#commits.flush();
    this.#database.close();
  }

  #load(): void {
    this.directory.load();
    this.tokens.load();
    this.mailbox.load();
  }

  #refresh(): boolean {
    if (this.#checkedThisTurn) return false;
    this.#checkedThisTurn = true;
    setImmediate(() => (this.#checkedThisTurn = false));
    try {
      const version = this.#version();
      if (version === this.#seenVersion) return false;
      this.#load();
      this.#seenVersion = version;
      return true;
    } catch (error) {
      this.#log.error("storage_unreadable", { error: String(error) });
      return false;
    }
  }
}
