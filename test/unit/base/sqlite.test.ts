import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  copyDatabase,
  CorruptDatabase,
  FailedMigration,
  NewerDatabase,
  OlderDatabase,
  openDatabase,
  setAside,
  transact,
} from "../../../base/sqlite.ts";

const first = "CREATE TABLE entry (name TEXT NOT NULL UNIQUE) STRICT";

describe("a SQLite database", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-sqlite-"));
    path = join(folder, "test.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is opened in WAL mode, with every commit on the platter", () => {
    const database = openDatabase(path, [first]);
    assert.equal(database.prepare("PRAGMA journal_mode").get()?.["journal_mode"], "wal");
    assert.equal(database.prepare("PRAGMA synchronous").get()?.["synchronous"], 2);
    assert.equal(database.prepare("PRAGMA foreign_keys").get()?.["foreign_keys"], 1);
    database.close();
  });

  it("goes forward through the steps it has not seen, and keeps what is in it", () => {
    const old = openDatabase(path, [first]);
    old.exec("INSERT INTO entry VALUES ('kept')");
    old.close();
    const database = openDatabase(path, [first, "ALTER TABLE entry ADD COLUMN age INTEGER"]);
    assert.deepEqual({ ...database.prepare("SELECT * FROM entry").get() }, { name: "kept", age: null });
    database.close();
  });

  it("is left as it is by a program that has nothing to change in it", () => {
    const other = openDatabase(path, [first]);
    const version = () => other.prepare("PRAGMA data_version").get()?.["data_version"];
    const before = version();
    openDatabase(path, [first]).close();
    assert.equal(version(), before);
    other.close();
  });

  it("stays at its version when a step fails", () => {
    openDatabase(path, [first]).close();
    assert.throws(() => openDatabase(path, [first, "CREATE TABLE other (a); nonsense"]), FailedMigration);
    const database = openDatabase(path, [first]);
    assert.equal(database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'other'").get()?.["n"], 0);
    database.close();
  });

  it("is refused when a newer program made it", () => {
    openDatabase(path, [first, "CREATE TABLE other (a)"]).close();
    assert.throws(() => openDatabase(path, [first]), NewerDatabase);
  });

  describe("that goes forward and is to be kept", () => {
    const second = "ALTER TABLE entry ADD COLUMN age INTEGER";
    const keep = { keepsOldVersion: true };
    const copies = () => readdirSync(folder).filter((name) => name.includes("backup"));

    beforeEach(() => {
      const old = openDatabase(path, [first], keep);
      old.exec("INSERT INTO entry VALUES ('kept')");
      old.close();
    });

    it("is copied as it was, once, for its user alone", () => {
      for (let start = 0; start < 2; start += 1) openDatabase(path, [first, second], keep).close();
      assert.deepEqual(copies(), ["test.db.v1-backup"]);
      assert.equal(statSync(`${path}.v1-backup`).mode & 0o777, 0o600);
      const copy = openDatabase(`${path}.v1-backup`, [first]);
      assert.deepEqual({ ...copy.prepare("SELECT * FROM entry").get() }, { name: "kept" });
      copy.close();
    });

    it("is copied again if an earlier attempt left half a copy or one of another version", () => {
      const old = openDatabase(join(folder, "other.db"), [first, second]);
      old.close();
      for (const left of ["half a copy", readFileSync(join(folder, "other.db"))]) {
        writeFileSync(`${path}.v1-backup`, left);
        assert.throws(() => openDatabase(path, [first, "nonsense"], keep), FailedMigration);
        const copy = openDatabase(`${path}.v1-backup`, [first]);
        assert.equal(copy.prepare("SELECT name FROM entry").get()?.["name"], "kept");
        copy.close();
      }
      assert.deepEqual(copies(), ["test.db.v1-backup"]);
    });

    it("has one copy, however often a step fails", () => {
      const made = new Set<number>();
      for (let start = 0; start < 4; start += 1) {
        assert.throws(() => openDatabase(path, [first, "nonsense"], keep), FailedMigration);
        made.add(statSync(`${path}.v1-backup`).ino);
      }
      assert.deepEqual([copies(), made.size], [["test.db.v1-backup"], 1]);
    });

    it("is neither copied nor changed by a program that may not bring it forward", () => {
      assert.throws(() => openDatabase(path, [first, second], { ...keep, olderVersion: "refuse" }), OlderDatabase);
      assert.deepEqual(copies(), []);
      openDatabase(path, [first], { olderVersion: "refuse" }).close();
      openDatabase(join(folder, "fresh.db"), [first, second], { olderVersion: "refuse" }).close();
    });
  });

  it("that forgets has no trace of what was deleted, and can be made smaller", () => {
    const database = openDatabase(path, [first], { forgets: true });
    for (let row = 0; row < 200; row += 1) {
      database.prepare("INSERT INTO entry VALUES (?)").run(`a deleted text ${row} ${"x".repeat(2_000)}`);
    }
    database.exec("DELETE FROM entry; PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)");
    assert.ok(statSync(path).size < 50_000);
    for (const name of readdirSync(folder)) {
      assert.ok(!readFileSync(join(folder, name)).includes("a deleted text"), name);
    }
    database.close();
  });

  it("is copied with what others committed, never over a file, and not in part", () => {
    const database = openDatabase(path, [first]);
    const other = openDatabase(path, [first]);
    other.exec("INSERT INTO entry VALUES ('kept')");
    const target = join(folder, "it's a copy.db");
    copyDatabase(database, target);
    assert.throws(() => copyDatabase(database, target), /EEXIST/);
    const copy = openDatabase(target, [first]);
    assert.equal(copy.prepare("SELECT name FROM entry").get()?.["name"], "kept");
    for (const each of [copy, other, database]) each.close();
    assert.throws(() => copyDatabase(database, join(folder, "closed.db")));
    assert.ok(!existsSync(join(folder, "closed.db")));
  });

  it("is reported as corrupt when it is no database, and can be set aside", () => {
    writeFileSync(path, "no database at all, but long enough to be looked at ".repeat(100));
    assert.throws(() => openDatabase(path, [first]), CorruptDatabase);
    const aside = setAside(path, "stamp");
    assert.ok(existsSync(aside));
    openDatabase(path, [first]).close();
  });

  it("takes all of a transaction or nothing", () => {
    const database = openDatabase(":memory:", [first]);
    const insert = (name: string) => database.prepare("INSERT INTO entry VALUES (?)").run(name);
    assert.equal(
      transact(database, () => insert("a").changes),
      1,
    );
    assert.throws(() => transact(database, () => [insert("b"), insert("a")]), /UNIQUE/);
    assert.equal(database.isTransaction, false);
    assert.equal(database.prepare("SELECT count(*) AS n FROM entry").get()?.["n"], 1);
    database.close();
  });
});
