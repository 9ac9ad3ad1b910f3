// The copy that is kept of a history before its tables change.

import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../../../base/sqlite.ts";
import { backupsOf, removeBackups, removeOldBackups } from "../../../../../daemon/history/upkeep/backups.ts";
import { sizeOf } from "../../../../../daemon/history/open/history-file.ts";
import { historyMigrations } from "../../../../../daemon/history/schema.ts";
import { prepare, preparationOf } from "../../../../../daemon/history/thread/prepare.ts";
import { keyOfName } from "../../../../../protocol/names.ts";

const dayMs = 24 * 3_600_000;
const me = keyOfName("Me");

describe("a history of an older version", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    path = join(folder, "history.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function old(version: number): void {
    const database = openDatabase(path, historyMigrations.slice(0, version));
    database.exec("INSERT INTO conversation (id, name, blocked, muted, read_seq) VALUES ('user:bob', 'Bob', 0, 0, 0)");
    // Still in the log beside the file, as after a crash.
    database.exec("PRAGMA wal_autocheckpoint = 0");
    database.close();
  }

  it("is copied before it changes: whole, closed to others, one for each version", () => {
    for (const version of [1, 2]) {
      rmSync(path, { force: true });
      old(version);
      assert.equal(preparationOf(path), "short");
      prepare(path, me);
      assert.equal(preparationOf(path), "none");
      const copy = `${path}.v${version}-backup`;
      assert.deepEqual(backupsOf(path), [copy], "the next version takes the copy of the one before away");
      assert.equal(statSync(copy).mode & 0o777, 0o600);
      const database = new DatabaseSync(copy, { readOnly: true });
      assert.equal(database.prepare("PRAGMA user_version").get()?.["user_version"], version);
      assert.equal(database.prepare("SELECT name FROM conversation").get()?.["name"], "Bob");
      database.close();
    }
    prepare(path, me);
    assert.equal(backupsOf(path).length, 1);
  });

  it("is brought forward beside everything else if there is much of it, also in the log beside the file", () => {
    for (const version of [2, historyMigrations.length]) {
      const database = openDatabase(path, historyMigrations.slice(0, version));
      database.exec("PRAGMA wal_autocheckpoint = 0; CREATE TABLE more (bytes BLOB)");
      database.prepare("INSERT INTO more VALUES (zeroblob(?))").run(5 * 1_024 * 1_024);
      const left = join(folder, `left-${version}.db`);
      for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, left + suffix);
      database.close();
      for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
      assert.ok(statSync(left).size < 1_024 * 1_024 && sizeOf(left) > 5 * 1_024 * 1_024);
      assert.equal(preparationOf(left), "long");
      assert.ok(statSync(left).size < 1_024 * 1_024, "to look at it carries nothing over");
      prepare(left, me);
      assert.equal(preparationOf(left), "none");
      assert.equal(sizeOf(`${left}-wal`), 0);
    }
  });

  it("is as it was if the copy cannot be made", () => {
    old(2);
    // A folder stands in its place.
    mkdirSync(join(`${path}.v2-backup`, "x"), { recursive: true });
    assert.throws(() => prepare(path, me));
    assert.equal(preparationOf(path), "short");
  });

  it("has no copy any more after 30 days, nor when nothing may be left of something", () => {
    old(2);
    prepare(path, me);
    const copy = `${path}.v2-backup`;
    const madeMs = statSync(copy).mtimeMs;
    removeOldBackups(path, madeMs + 30 * dayMs - 1);
    assert.equal(existsSync(copy), true);
    utimesSync(copy, new Date(madeMs - 1), new Date(madeMs - 1));
    removeOldBackups(path, madeMs + 30 * dayMs);
    assert.equal(existsSync(copy), false);
    writeFileSync(copy, "");
    writeFileSync(`${copy}.tmp`, "");
    writeFileSync(`${path}.merged-2026-01-01-backup`, "");
    writeFileSync(`${path}.merged-2026-01-01-backup-2`, "");
    writeFileSync(`${path}.v3-backup.of-alice-0123`, "");
    writeFileSync(join(folder, "peers.json"), "");
    removeBackups(path);
    assert.deepEqual(
      readdirSync(folder).filter((name) => !name.startsWith("history.db-")),
      ["history.db", "peers.json"],
    );
  });
});
