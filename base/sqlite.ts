// The one way to open a SQLite file: WAL, every commit on the disk before it is answered, migrations forward only. A file
// that is not a healthy database is reported as such, so that its owner can set it aside and report it.

import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf } from "./error-message.ts";
import { isBusy, isCorruption, sqliteCorrupt } from "./sqlite-errors.ts";

/** Statements that take a database from version `index` to `index + 1`. Never edited once released; only appended to. */
export type Migrations = readonly string[];

export class CorruptDatabase extends Error {
  readonly path: string;
  /** As in SQLite's errors, so that code in another thread recognises it too. */
  readonly errcode = sqliteCorrupt;
  constructor(path: string, cause: unknown) {
    super(`${path} is not a healthy SQLite database`, { cause });
    this.path = path;
  }
}

export interface OpenOptions {
  /** Before its tables change, the file is copied to `path.vN-backup`, where N is its version. */
  readonly keepsOldVersion?: boolean;
  /** What happens to a file of an older version: it is migrated (the default), or OlderDatabase is thrown. */
  readonly olderVersion?: "migrate" | "refuse";
  /** Whether the whole file is read and checked first. Default true. */
  readonly checked?: boolean;
  /** Deleted content is overwritten, and the space of deleted rows can be given back to the file system. */
  readonly forgets?: boolean;
}

export class NewerDatabase extends Error {
  constructor(path: string, version: number, known: number) {
    super(`${path} has schema version ${version}, this program knows up to ${known}. Use a newer version of it.`);
  }
}

export class OlderDatabase extends Error {
  constructor(path: string, version: number, known: number) {
    super(`${path} has schema version ${version}, this program works on version ${known}`);
  }
}

/** The file is unchanged, and stays so: the same steps will fail again. */
export class FailedMigration extends Error {
  constructor(path: string, version: number, cause: unknown) {
    super(`${path} could not be brought forward from schema version ${version} (${messageOf(cause)})`, { cause });
  }
}

/**
 * @param path a file, or `:memory:`
 * @throws CorruptDatabase, NewerDatabase, OlderDatabase, FailedMigration, or the error of the file system
 */
export function openDatabase(path: string, migrations: Migrations, options: OpenOptions = {}): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec("PRAGMA busy_timeout = 5000");
    // Affects only a file without tables; an older one changes with the next VACUUM.
    if (options.forgets === true) database.exec("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA secure_delete = ON");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA foreign_keys = ON");
    if (options.checked !== false) check(database, path);
    refuseVersions(database, path, migrations, options);
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
 * Copies what is committed now to a new file for this user alone, while others go on reading and writing. It copies the
 * content, not the bytes of the file, so nothing that was deleted is in the copy. The copy is complete and checked, or does
 * not exist.
 * @throws the error of the file system, `EEXIST` if the target already exists; CorruptDatabase
 */
export function copyDatabase(database: DatabaseSync, target: string): void {
  closeSync(openSync(target, "wx", 0o600));
  try {
    database.prepare("VACUUM INTO ?").run(target);
    const found = wholeVersion(target);
    if (found === undefined) throw new CorruptDatabase(target, "integrity_check");
    syncFile(target, "r+");
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

function check(database: DatabaseSync, path: string): void {
  const found = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (found !== "ok") throw new CorruptDatabase(path, found);
}

/**
 * Makes one copy per version, however often the steps after it fail. The copy appears complete under its name or not at
 * all, and a complete one is not made again.
 */
function keepOldVersion(database: DatabaseSync, path: string, migrations: Migrations): void {
  const version = versionOf(database);
  if (version === 0 || version >= migrations.length) return;
  const target = `${path}.v${version}-backup`;
  if (existsSync(target) && wholeVersion(target) === version) return;
  const attempt = `${target}.tmp`;
  rmSync(attempt, { force: true });
  copyDatabase(database, attempt);
  renameSync(attempt, target);
  if (process.platform !== "win32") syncFile(dirname(target), "r");
}

/** @returns the schema version of an intact database; undefined for anything else */
function wholeVersion(path: string): number | undefined {
  let copy: DatabaseSync | undefined;
  try {
    copy = new DatabaseSync(path, { readOnly: true });
    if (copy.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"] !== "ok") return undefined;
    return versionOf(copy);
  } catch {
    return undefined;
  } finally {
    copy?.close();
  }
}

function syncFile(path: string, flags: "r" | "r+"): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}

function refuseVersions(database: DatabaseSync, path: string, migrations: Migrations, options: OpenOptions): void {
  const version = versionOf(database);
  if (version > migrations.length) throw new NewerDatabase(path, version, migrations.length);
  if (options.olderVersion !== "refuse" || version === 0 || version === migrations.length) return;
  throw new OlderDatabase(path, version, migrations.length);
}

/** Writes nothing if there is nothing to do: other processes would have to read everything again. */
function migrate(database: DatabaseSync, path: string, migrations: Migrations): void {
  const before = versionOf(database);
  if (before === migrations.length) return;
  try {
    transact(database, () => {
      const version = versionOf(database);
      if (version > migrations.length) throw new NewerDatabase(path, version, migrations.length);
      for (const statements of migrations.slice(version)) database.exec(statements);
      database.exec(`PRAGMA user_version = ${migrations.length}`);
    });
  } catch (error) {
    if (error instanceof NewerDatabase || isCorruption(error) || isBusy(error)) throw error;
    throw new FailedMigration(path, before, error);
  }
}
