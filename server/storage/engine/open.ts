// Assembles the storage of a server, in whichever thread it runs: the database file of a data folder, or a database that a
// test made; the engine, its host, and the maintenance of the files.

import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../../base/clock.ts";
import { openDatabase } from "../../../base/sqlite.ts";
import type { NameRules } from "../name-rules.ts";
import type { Loaded, Reply } from "../operations.ts";
import { migrations } from "../schema.ts";
import { AuditLog } from "./audit-log.ts";
import { Engine } from "./storage-engine.ts";
import { FileCare } from "./file-care.ts";
import type { DiskSpace } from "./file-care.ts";
import { Host } from "./host.ts";
import { Replies } from "./replies.ts";

export const databaseName = "chat-room.db";
const cacheKibibytes = 16_384;

export interface EngineSurroundings {
  readonly clock: Clock;
  readonly names: NameRules;
  /** True for a server, which may migrate the database; false for a command that works on the file for a moment. */
  readonly serves: boolean;
  /** The data folder; undefined for a database in memory. */
  readonly folder?: string;
  readonly diskSpaceOf?: (folder: string) => DiskSpace;
  readonly send: (reply: Reply) => void;
}

export interface OpenEngine {
  readonly host: Host;
  /** What the server loads into memory, before anything else is asked. */
  load(): Iterable<Loaded>;
  /** Writes what is pending, and closes the database. */
  close(): void;
}

/** @throws CorruptDatabase, NewerDatabase, OlderDatabase, FailedMigration, or the error of the file system */
export function openServerDatabase(folder: string, serves: boolean): DatabaseSync {
  const path = join(folder, databaseName);
  const options = { keepsOldVersion: true, forgets: true, checked: serves } as const;
  const database = openDatabase(path, migrations, { ...options, olderVersion: serves ? "migrate" : "refuse" });
  // From now on, callers that meet a lock retry by themselves.
  database.exec("PRAGMA busy_timeout = 0");
  // The pages that a transaction of many messages changes fit in it: a third more messages per second than with the
  // default.
  database.exec(`PRAGMA cache_size = -${cacheKibibytes}`);
  return database;
}

/** @param database is closed by `close` @throws the error of SQLite */
export function openEngine(database: DatabaseSync, surroundings: EngineSurroundings): OpenEngine {
  const { clock, folder, names, serves, send } = surroundings;
  const replies = new Replies(send);
  const care = folder === undefined ? undefined : careFor(database, folder, surroundings);
  if (serves && care?.compact() === false) replies.log.warn("storage_not_compacted");
  const hasRoom = (): boolean => care?.hasRoom !== false;
  const engine = new Engine(database, { clock, log: replies.log, names, serves, hasRoom });
  const audit = folder === undefined ? undefined : new AuditLog(folder, clock, replies.log);
  const host = new Host({ engine, clock, serves, care, audit, replies });
  return {
    host,
    *load() {
      yield* engine.load();
      yield { kind: "state", runningMs: engine.runningMs, secret: engine.secret, figures: host.figures };
    },
    close() {
      host.close();
      database.close();
    },
  };
}

function careFor(database: DatabaseSync, folder: string, { clock, diskSpaceOf }: EngineSurroundings): FileCare {
  return new FileCare(database, join(folder, databaseName), clock, diskSpaceOf);
}
