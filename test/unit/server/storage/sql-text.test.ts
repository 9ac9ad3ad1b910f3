import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { textOfBytes, textParameter, withoutNul } from "../../../../server/storage/sql-text.ts";

describe("text in the database", () => {
  let database: DatabaseSync;

  beforeEach(() => {
    database = new DatabaseSync(":memory:");
    database.exec("CREATE TABLE entry (value BLOB NOT NULL UNIQUE)");
  });
  afterEach(() => database.close());

  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("\0", "\ud800", "é", "a") }),
  );

  it("comes back as it was, and no two texts are the same bytes", () => {
    const insert = database.prepare("INSERT INTO entry VALUES (CAST(? AS BLOB)) RETURNING value");
    fc.assert(
      fc.property(fc.uniqueArray(anything, { maxLength: 20 }), (texts) => {
        database.exec("DELETE FROM entry");
        const back = texts.map((text) => {
          const value = insert.get(textParameter(text))?.["value"];
          assert.ok(value instanceof Uint8Array);
          return textOfBytes(value);
        });
        assert.deepEqual(back, texts);
      }),
    );
  });

  it("is found again by the same parameter", () => {
    const find = database.prepare("SELECT count(*) AS n FROM entry WHERE value = CAST(? AS BLOB)");
    for (const text of ["", "a\0b", "\ud800", "é"]) {
      database.prepare("INSERT INTO entry VALUES (CAST(? AS BLOB))").run(textParameter(text));
      assert.equal(find.get(textParameter(text))?.["n"], 1);
    }
  });

  it("has no U+0000 in columns of text", () => {
    assert.equal(withoutNul("a\0b\0"), "a\ufffdb\ufffd");
  });
});
