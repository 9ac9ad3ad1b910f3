// A history that a newer version, or somebody by hand, has written into: what cannot be read is one row.

import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { openDatabase } from "../../../../base/sqlite.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { chatMessage } from "../../../../protocol/api/model.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { Invalid } from "../../../../protocol/validate.ts";
import { contact, received } from "../stored.ts";
import { add } from "./writes.ts";

describe("a history with rows of tomorrow", () => {
  let database: DatabaseSync;
  let history: History;

  beforeEach(() => {
    database = openDatabase(":memory:", historyMigrations);
    history = new History(database, keyOfName("Me"));
    const messages = [1, 2, 3].map((seq) => received(seq));
    const own = received(4, { mid: "m4", from: "Me", own: true, state: "sending" });
    const reaction = {
      kind: "reaction",
      conversation: "user:bob",
      seq: 2,
      emoji: "👍",
      from: "Bob",
      on: true,
    } as const;
    history.commit([
      contact("user:bob"),
      ...[...messages, own].map(add),
      reaction,
      { kind: "outbox", conversation: "user:bob", mid: "m4", present: true },
    ]);
  });
  afterEach(() => history.dispose());

  const page = () => history.page("user:bob", undefined, 10).messages;

  it("shows what it does not know as the nearest thing that it knows", () => {
    database.exec("UPDATE event SET state = 'scheduled' WHERE seq IN (2, 4)");
    database.exec("UPDATE event SET failure_code = 'code_of_tomorrow', failure_reason = 'Later.' WHERE seq = 4");
    const [, second, , own] = page();
    assert.deepEqual([second?.state, own?.state], ["received", "delivered"]);
    assert.deepEqual(own?.failure, { code: "internal", reason: "Later." });
    assert.equal(history.load().contacts[0]?.last?.seq, 4);
  });

  it("shows a placeholder for one that cannot be read, and all the others as they are", () => {
    database.prepare("UPDATE event SET author = ? WHERE seq = 2").run("x".repeat(300));
    assert.deepEqual(
      page().map(({ seq, text, from, unreadable }) => [seq, text, from.length, unreadable]),
      [
        [1, "text 1", 3, undefined],
        [2, "", 256, true],
        [3, "text 3", 3, undefined],
        [4, "text 4", 2, undefined],
      ],
    );
    assert.equal(history.search({ text: "text", limit: 9 }).hits.length, 4);
    assert.equal(history.message("user:bob", 2)?.unreadable, true);
  });

  it("leaves out what has no place, changes of kinds of tomorrow, and what of the outbox cannot be sent", () => {
    database.exec(`
      INSERT INTO conversation (id, name, blocked, muted, read_seq, told_seq)
        VALUES ('room:backend', 'backend', 0, 0, 0, 0), ('user:carl', 'Carl', 7, -1, -5, -5);
      INSERT INTO event (id, seq, sender, mid, author, own, conversation, kind, target, body, sent_at_ms, state) VALUES
        (90, -90, 'bob', 'a1', 'Bob', 0, 'user:bob', 'pin', 'b1', '', 1, 'pending'),
        (91, -91, 'me', 'a2', 'Me', 1, 'user:bob', 'pin', 'b1', '', 1, 'sending'),
        (92, -92, 'me', 'a3', 'Me', 1, 'room:backend', 'edit', 'b1', '', 1, 'sending'),
        (93, -93, 'me', 'a4', 'Me', 1, 'user:bob', 'edit', 'b1', '', 1, 'scheduled');
      INSERT INTO outbox (event) VALUES (91), (92), (93);
    `);
    const { contacts, outbox } = history.load();
    assert.deepEqual(
      contacts.map(({ conversation, blocked, readSeq }) => [conversation, blocked, readSeq]),
      [
        ["user:bob", false, 0],
        ["user:carl", false, 0],
      ],
    );
    assert.deepEqual(outbox, [{ conversation: "user:bob", seq: 4, mid: "m4" }]);
    assert.deepEqual([history.pendingEvents("user:bob", "b1"), history.ownEvent("a2")], [[], undefined]);
    assert.equal(history.isKnown(keyOfName("bob"), "a1"), true);
  });

  it("takes a reaction or a quote that cannot be read away, and not the message", () => {
    database.prepare("UPDATE reaction SET emoji = ?").run("👍".repeat(99));
    database.prepare("UPDATE event SET target = ? WHERE seq = 3").run("m".repeat(300));
    const [, second, third] = page();
    assert.deepEqual([second?.text, second?.reactions], ["text 2", []]);
    assert.deepEqual([third?.text, third?.quote], ["text 3", undefined]);
  });

  it("is read as a whole, whatever stands in the columns of one row", () => {
    const numbers = [0, -1, 1, 2, 8.64e15 + 1, Number.MAX_SAFE_INTEGER, 2n ** 62n, -(2n ** 63n)];
    const texts = ["", "x", "x".repeat(5_000), "\u0000", "\ud800", "user:bob", "everyone", "sending"];
    const columns: Readonly<Record<string, readonly (string | number | bigint | null)[]>> = {
      ...{ author: texts, body: texts, kind: [...texts, "edit"], state: texts, mid: ["", "z", "x".repeat(300)] },
      ...{ failure_code: [...texts, null], failure_reason: [...texts, null], target: [...texts, null] },
      ...{ sent_at_ms: numbers, own: numbers, edited: numbers, deleted: numbers },
      seq: [0, -7, 99, 2n ** 62n, Number.MAX_SAFE_INTEGER],
    };
    const change = fc
      .constantFrom(...Object.keys(columns))
      .chain((column) =>
        fc.record({ column: fc.constant(column), value: fc.constantFrom(...(columns[column] ?? [])) }),
      );
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      database.exec("SAVEPOINT before");
      for (const { column, value } of changes) {
        database.prepare(`UPDATE event SET ${column} = ? WHERE mid = 'b2' OR id = 2`).run(value);
      }
      const shown = page();
      for (const message of shown) assert.ok(!(chatMessage.read(message, "") instanceof Invalid));
      const others = shown.filter(({ mid }) => ["b1", "b3", "m4"].includes(mid)).map(({ text }) => text);
      assert.deepEqual(others, ["text 1", "text 3", "text 4"]);
      assert.equal(history.load().contacts.length, 1);
      assert.ok(history.search({ text: "text", limit: 9 }).hits.length >= 3);
      history.repliesTo("user:bob", "x");
      history.ownUnreadThrough("user:bob", 9);
      database.exec("ROLLBACK TO before; RELEASE before");
    });
    fc.assert(property, { numRuns: 300 });
  });
});
