import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../../../base/sqlite.ts";
import { History } from "../../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../../daemon/history/schema.ts";
import { keyOfName } from "../../../../../protocol/names.ts";
import { openIn } from "../../opener.ts";

/** The version before names were compared by full case folding. */
const before = historyMigrations.slice(0, 2);

describe("a history with keys of names as they were", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    path = join(folder, "history.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function old(fill: (database: DatabaseSync) => void): void {
    const database = openDatabase(path, before);
    fill(database);
    database.close();
  }

  const open = (): History => new History(openDatabase(path, historyMigrations), keyOfName("Me"));

  function conversation(database: DatabaseSync, id: string, name: string, marks: readonly number[]): void {
    database.prepare("INSERT INTO conversation VALUES (?, ?, ?, ?, ?, ?)").run(id, name, ...marks);
  }

  function message(
    database: DatabaseSync,
    id: string,
    seq: number,
    from: string,
    mid: string,
    state = "received",
  ): void {
    database
      .prepare(
        `INSERT INTO message (conversation, seq, sender, mid, author, own, text, sent_at_ms, state)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(id, seq, from.toLowerCase(), mid, from, Number(from === "Me"), `text ${mid}`, seq * 1_000, state);
  }

  it("is found under the new ones, with all that belongs to it [P-3.1]", () => {
    old((database) => {
      for (const [id, name] of [
        ["user:straße", "Straße"],
        ["user:νικος", "Νικος"],
        ["user:bob", "bob"],
        ["everyone", ""],
      ] as const)
        conversation(database, id, name, [0, 1, 1, 1]);
      message(database, "user:straße", 1, "Straße", "s1");
      message(database, "user:straße", 2, "Straße", "s2");
      message(database, "user:straße", 3, "Me", "m1", "sending");
      message(database, "everyone", 1, "Νικος", "n1");
      message(database, "user:bob", 1, "bob", "b1");
      database.exec(`
        INSERT INTO outbox (conversation, seq, mid) VALUES ('user:straße', 3, 'm1');
        INSERT INTO act (sender, mid, author, conversation, kind, target, emoji, sent_at_ms, state)
          VALUES ('straße', 'a1', 'Straße', 'user:straße', 'react', 'unknown', '👍', 9, 'pending');
        INSERT INTO reaction (message, emoji, sender, author) SELECT id, '🎉', 'straße', 'Straße' FROM message WHERE mid = 'm1';
        INSERT INTO draft VALUES ('user:νικος', 'dear', 4);
      `);
    });
    const history = open();
    const id = "user:strasse";
    const { contacts, outbox } = history.load();
    assert.deepEqual(
      contacts.map(({ conversation: each, name, readSeq, unread }) => [each, name, readSeq, unread]).sort(),
      [
        ["everyone", "", 1, 0],
        ["user:bob", "bob", 1, 0],
        ["user:strasse", "Straße", 1, 1],
        ["user:νικοσ", "Νικος", 1, 0],
      ],
    );
    assert.deepEqual(outbox, [{ conversation: id, seq: 3, mid: "m1" }]);
    assert.equal(history.isKnown(keyOfName("STRASSE"), "s1"), true);
    assert.equal(history.isKnown(keyOfName("STRASSE"), "a1"), true);
    assert.equal(history.isKnown(keyOfName("ΝΙΚΟΣ"), "n1"), true);
    assert.equal(history.messageOf(id, keyOfName("straße"), "s2")?.seq, 2);
    assert.equal(history.pendingEvents(id, "unknown").length, 1);
    assert.deepEqual(history.message(id, 3)?.reactions, [{ emoji: "🎉", from: ["Straße"] }]);
    assert.deepEqual(history.drafts.get("user:νικοσ"), { text: "dear", revision: 4 });
    assert.equal(history.search({ text: "text s1", limit: 9 }).hits.length, 1);
    history.commit([
      { kind: "reaction", conversation: id, seq: 3, emoji: "🎉", from: "STRASSE", on: false },
      { kind: "outbox", conversation: id, mid: "m1", present: false },
    ]);
    assert.equal(history.message(id, 3)?.reactions, undefined);
    history.dispose();
    const again = open();
    assert.deepEqual(again.load().outbox, []);
    again.dispose();
  });

  it("has conversations that become one in the order in which their messages came, and none of them lost [P-3.1]", () => {
    old((database) => {
      conversation(database, "user:strasse", "STRASSE", [0, 1, 1, 1]);
      conversation(database, "user:straße", "straße", [1, 0, 2, 2]);
      message(database, "user:strasse", 1, "STRASSE", "one");
      message(database, "user:straße", 1, "straße", "two");
      message(database, "user:straße", 2, "straße", "same");
      message(database, "user:strasse", 2, "STRASSE", "same");
      message(database, "user:strasse", 3, "Me", "mine", "sending");
      message(database, "user:straße", 3, "Me", "late", "sending");
      database.exec(`
        INSERT INTO outbox (conversation, seq, mid) VALUES ('user:strasse', 3, 'mine'), ('user:straße', 3, 'late');
        INSERT INTO outbox (conversation, seq, mid) VALUES ('user:straße', NULL, 'an act');
        INSERT INTO act (sender, mid, author, conversation, kind, target, emoji, sent_at_ms, state)
          VALUES ('me', 'an act', 'Me', 'user:straße', 'delete', 'mine', '', 9, 'sending');
        INSERT INTO draft VALUES ('user:straße', 'to one', 3), ('user:strasse', 'to another', 7);
      `);
    });
    const history = open();
    const { contacts, outbox } = history.load();
    assert.equal(contacts.length, 1);
    const { conversation: id, blocked, muted, readSeq, readMarkSentSeq, unread } = contacts[0] ?? assert.fail();
    assert.deepEqual([id, blocked, muted], ["user:strasse", true, false]);
    const { messages } = history.page("user:strasse", undefined, 99);
    assert.deepEqual(
      messages.map(({ seq, text }) => [seq, text]),
      ["one", "two", "same", "same", "mine", "late"].map((mid, at) => [at + 1, `text ${mid}`]),
    );
    assert.equal(new Set(messages.map(({ mid }) => mid)).size, 6);
    assert.deepEqual(
      [readSeq, readMarkSentSeq, unread],
      [3, 3, 1],
      "the message that was not read in one of them is not read",
    );
    assert.deepEqual(outbox, [
      { conversation: "user:strasse", seq: 5, mid: "mine" },
      { conversation: "user:strasse", seq: 6, mid: "late" },
      { conversation: "user:strasse", mid: "an act" },
    ]);
    const { text, revision } = history.drafts.get("user:strasse");
    assert.deepEqual([text.split("\n").sort(), revision], [["to another", "to one"], 8]);
    history.dispose();
    const again = open();
    assert.equal(again.page("user:strasse", undefined, 99).messages.length, 6);
    again.dispose();
  });

  it("stays what it is where every key is the same, whatever else it holds", () => {
    old((database) => {
      conversation(database, "user:bob", "Bob", [0, 0, 2, 1]);
      for (let seq = 1; seq <= 3; seq += 1) message(database, "user:bob", seq, "Bob", `b${seq}`);
    });
    const history = open();
    assert.deepEqual(
      history.load().contacts.map(({ readSeq, readMarkSentSeq, unread }) => [readSeq, readMarkSentSeq, unread]),
      [[2, 1, 1]],
    );
    history.dispose();
  });

  it("lies in the folder that it had by the old key [P-3.1]", async () => {
    const account = { user: "Straße", server: "127.0.0.1:8765" };
    // By the key in lower case.
    const former = join(folder, "accounts", "strae-69014c9697a9");
    mkdirSync(former, { recursive: true, mode: 0o700 });
    chmodSync(join(folder, "accounts"), 0o700);
    writeFileSync(join(former, "peers.json"), "first");
    for (const user of ["Straße", "STRASSE"]) {
      const { history, file } = await openIn(folder, { ...account, user });
      history.dispose();
      assert.equal(file.folder, former);
    }
    assert.deepEqual(readdirSync(former).sort(), ["account.json", "history.db", "peers.json"]);
    assert.equal(readFileSync(join(former, "peers.json"), "utf8"), "first");
  });
});
