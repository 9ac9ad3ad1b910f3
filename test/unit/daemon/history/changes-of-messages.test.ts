// Changes of messages have no place in their conversation, and are in the same table as what has one.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../../base/sqlite.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { Upkeep } from "../../../../daemon/history/thread/upkeep-jobs.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { contact, received } from "../stored.ts";
import { add, addChange, change } from "./writes.ts";

describe("the changes of messages in a history", () => {
  let folder: string;
  let database: DatabaseSync;
  let history: History;
  let upkeep: Upkeep;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    const open = () => openDatabase(join(folder, "history.db"), historyMigrations, { forgets: true });
    database = open();
    history = new History(database, keyOfName("Me"));
    upkeep = new Upkeep(open());
  });
  afterEach(() => {
    history.dispose();
    rmSync(folder, { recursive: true });
  });

  const later = (mid: string) => addChange(change({ mid }));
  const pending = (): string[] => history.pendingEvents("user:bob", "b1").map(({ mid }) => mid);

  it("go with their conversation, and not those that come while it is being deleted", async () => {
    history.commit([contact("user:bob"), add(received(7)), later("a1"), later("a2")]);
    history.commit([{ kind: "purge", conversation: "user:bob", throughSeq: 7 }]);
    assert.deepEqual(pending(), []);
    // The highest numbers become free before the deletion is over.
    database.exec("DELETE FROM event WHERE seq < 0");
    history.commit([later("a3")]);
    assert.deepEqual(pending(), ["a3"]);
    await upkeep.purge();
    history.purged();
    assert.deepEqual(pending(), ["a3"]);
    assert.deepEqual(history.load().contacts, [], "a change makes nobody a contact");
  });

  it("have numbers above 0 also where all messages have numbers below", () => {
    history.commit([contact("user:bob"), add(received(1))]);
    database.exec("UPDATE event SET id = -50");
    history.commit([later("a1"), add(received(2)), later("a2")]);
    assert.deepEqual(pending(), ["a1", "a2"]);
    assert.deepEqual(
      history.page("user:bob", undefined, 9).messages.map(({ mid }) => mid),
      ["b1", "b2"],
    );
  });

  it("are not found by a search, neither before nor after the index is built", async () => {
    history.commit([contact("user:bob"), add(received(1, { text: "well done 👍" })), later("a1"), later("a2")]);
    const found = () => history.search({ text: "👍", limit: 9 }).hits.map(({ message }) => message.mid);
    assert.deepEqual(found(), ["b1"]);
    database.exec("INSERT INTO message_grams (message_grams) VALUES ('delete-all')");
    database.exec("UPDATE upkeep SET unindexed_through = (SELECT max(id) FROM event)");
    assert.deepEqual(found(), ["b1"]);
    await upkeep.index();
    assert.equal(history.work.index, false);
    assert.deepEqual(found(), ["b1"]);
    history.commit([{ kind: "text", message: received(1, { text: "", deleted: true }) }]);
    assert.deepEqual(found(), []);
  });

  it("go when they are too old, but for those that wait to be sent", async () => {
    const mine = change({ mid: "m1", from: "Me", sentAtMs: 50, state: "sending" });
    history.commit([contact("user:bob"), contact("user:carl")]);
    history.commit([
      later("a1"),
      addChange(mine),
      { kind: "outbox", conversation: "user:bob", mid: "m1", present: true },
    ]);
    history.commit([addChange(change({ mid: "d1", from: "Dora", conversation: "user:dora" }))]);
    await upkeep.trim(100);
    assert.deepEqual([pending(), history.isKnown(keyOfName("Bob"), "a1")], [[], true]);
    assert.deepEqual(history.load().outbox, [{ conversation: "user:bob", mid: "m1" }]);
    history.commit([{ kind: "outbox", conversation: "user:bob", mid: "m1", present: false }]);
    await upkeep.trim(100);
    assert.equal(history.ownEvent("m1"), undefined);
    assert.deepEqual(
      database
        .prepare("SELECT id FROM conversation ORDER BY id")
        .all()
        .map(({ id }) => id),
      ["user:bob", "user:carl"],
      "nothing is left of a conversation in which there were only changes",
    );
  });

  it("refuse to be sent if they are not there", () => {
    history.commit([contact("user:bob")]);
    assert.throws(() => history.commit([{ kind: "outbox", conversation: "user:bob", mid: "m1", present: true }]));
  });
});
