// One way to open a SQLite file: WAL, every commit on the platter before it is answered, migrations forward only. A file
// that is not a healthy database is reported as such, so that its owner can set it aside and say so.

import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Statements that take a database from version `index` to `index + 1`. Never edited once released; only added to. */
export type Migrations = readonly string[];

export class CorruptDatabase extends Error {
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super(`${path} is not a healthy SQLite database`, { cause });
    this.path = path;
  }
}

export interface OpenOptions {
  /** Before its tables change, the file is copied to `path.vN-backup`, N the version it has. */
  readonly keepsOldVersion?: boolean;
}

export class NewerDatabase extends Error {
  constructor(path: string, version: number, known: number) {
    super(`${path} has schema version ${version}, this program knows up to ${known}. Use a newer version of it.`);
  }
}

/**
 * @param path a file, or `:memory:`
 * @throws CorruptDatabase, NewerDatabase, or what the file system says
 */
export function openDatabase(path: string, migrations: Migrations, options: OpenOptions = {}): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec("PRAGMA busy_timeout = 5000");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA foreign_keys = ON");
    const check = database.prepare("PRAGMA quick_check(1)").get();
    if (check?.["quick_check"] !== "ok") throw new CorruptDatabase(path, check?.["quick_check"]);
    if (options.keepsOldVersion === true) keepOldVersion(database, path, migrations);
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    database?.close();
    if (isCorruption(error)) throw new CorruptDatabase(path, error);
    throw error;
  }
}

/**
 * Moves a corrupt database and its side files out of the way.
 * @returns where the file is now
 */
export function setAside(path: string, stamp: string): string {
  const aside = `${path}.corrupt-${stamp}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

/**
 * Copies what is committed now to a new file for this user alone, while others go on reading and writing. Not the bytes of
 * the file but its content, so nothing that was deleted is in the copy. Whole and checked, or not there.
 * @throws what the file system says, `EEXIST` where the target is there already; CorruptDatabase
 */
export function copyDatabase(database: DatabaseSync, target: string): void {
  closeSync(openSync(target, "wx", 0o600));
  try {
    database.prepare("VACUUM INTO ?").run(target);
    const copy = new DatabaseSync(target);
    try {
      const check = copy.prepare("PRAGMA integrity_check(1)").get();
      if (check?.["integrity_check"] !== "ok") throw new CorruptDatabase(target, check?.["integrity_check"]);
    } finally {
      copy.close();
    }
    const file = openSync(target, "r+");
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
}

/** Runs `work` in one transaction: all of it, or nothing. */
export function transact<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** A copy that an earlier, interrupted attempt left is not touched: it may be the only whole one. */
function keepOldVersion(database: DatabaseSync, path: string, migrations: Migrations): void {
  const version = versionOf(database);
  if (version === 0 || version >= migrations.length) return;
  const target = `${path}.v${version}-backup`;
  let attempt = target;
  for (let count = 2; existsSync(attempt); count += 1) attempt = `${target}-${count}`;
  copyDatabase(database, attempt);
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}

/** Writes nothing where there is nothing to do: other processes would read everything anew. */
function migrate(database: DatabaseSync, path: string, migrations: Migrations): void {
  if (versionOf(database) === migrations.length) return;
  transact(database, () => {
    const version = versionOf(database);
    if (version > migrations.length) throw new NewerDatabase(path, version, migrations.length);
    for (const statements of migrations.slice(version)) database.exec(statements);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

function isCorruption(error: unknown): boolean {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" && [sqliteCorrupt, sqliteNotADatabase].includes(code & 0xff);
}
