import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CorruptDatabase, NewerDatabase, openDatabase, setAside, transact } from "../../../base/sqlite.ts";

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

  it("stays at its version when a step fails", () => {
    openDatabase(path, [first]).close();
    assert.throws(() => openDatabase(path, [first, "CREATE TABLE other (a); nonsense"]));
    const database = openDatabase(path, [first]);
    assert.equal(database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'other'").get()?.["n"], 0);
    database.close();
  });

  it("is refused when a newer program made it", () => {
    openDatabase(path, [first, "CREATE TABLE other (a)"]).close();
    assert.throws(() => openDatabase(path, [first]), NewerDatabase);
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
