// A history in which messages and changes were in two tables, brought forward to the one table of events.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../../base/sqlite.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { Statements } from "../../../../daemon/history/statements.ts";
import { ReadJobs } from "../../../../daemon/history/thread/read-jobs.ts";
import { Upkeep } from "../../../../daemon/history/thread/upkeep-jobs.ts";
import { forget } from "../../../../daemon/history/upkeep/forgotten.ts";
import { archiveFormat } from "../../../../protocol/api/archive-lines.ts";
import type { ConversationEvent } from "../../../../protocol/conversations/event.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { addChange, change } from "./writes.ts";

/** The last version with two tables. */
const before = historyMigrations.slice(0, 5);
const bob = "user:bob";
const carl = "user:carl";

describe("a history with messages and changes in two tables", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    path = join(folder, "history.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function old(fill: (database: DatabaseSync) => void): void {
    const database = openDatabase(path, before, { forgets: true });
    fill(database);
    database.close();
  }

  const opened = (): DatabaseSync => openDatabase(path, historyMigrations, { forgets: true });
  const open = (): History => new History(opened(), keyOfName("Me"));
  const holds = (word: string): boolean => {
    return readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(word));
  };

  function everything(database: DatabaseSync): void {
    database.exec(`
      INSERT INTO conversation VALUES ('everyone', '', 0, 0, 0, 0), ('user:bob', 'Bob', 0, 1, 1, 1), ('user:carl', 'Carl', 0, 0, 2, 2);
      INSERT INTO message (conversation, seq, sender, mid, author, own, text, sent_at_ms, state, failure_code,
          failure_reason, answers, edited, deleted, via) VALUES
        ('user:bob', 1, 'bob', 'b1', 'Bob', 0, 'first 👍', 1000, 'received', NULL, NULL, NULL, 0, 0, NULL),
        ('user:bob', 2, 'me', 'm2', 'Me', 1, 'better', 2000, 'queued', NULL, NULL, 'b1', 1, 0, NULL),
        ('user:bob', 3, 'me', 'm3', 'Me', 1, '', 3000, 'sending', NULL, NULL, NULL, 1, 1, NULL),
        ('user:carl', 1, 'carl', 'c1', 'Carl', 0, 'xylophone', 4000, 'received', NULL, NULL, NULL, 0, 0, NULL),
        ('user:carl', 2, 'me', 'm4', 'Me', 1, 'xylophone', 4001, 'queued', NULL, NULL, 'c1', 0, 0, NULL),
        ('user:bob', 4, 'bob', 'b4', 'Bob', 0, 'fourth', 5000, 'received', NULL, NULL, 'm2', 0, 0, '${"k".repeat(43)}'),
        ('user:bob', 5, 'me', 'm5', 'Me', 1, 'refused', 6000, 'failed', 'blocked', 'No.', NULL, 0, 0, NULL),
        ('user:carl', 3, 'carl', 'c3', 'Carl', 0, 'came later', 7000, 'received', NULL, NULL, NULL, 0, 0, NULL);
      INSERT INTO act (sender, mid, author, conversation, kind, target, emoji, sent_at_ms, state) VALUES
        ('bob', 'a1', 'Bob', 'user:bob', 'react', 'm2', '👍', 10, 'done'),
        ('me', 'a2', 'Me', 'user:bob', 'react', 'b1', '🎉', 20, 'sent'),
        ('me', 'a3', 'Me', 'user:bob', 'edit', 'm2', '', 30, 'queued'),
        ('bob', 'a4', 'Bob', 'user:bob', 'delete', 'later', '', 40, 'pending'),
        ('me', 'a5', 'Me', 'user:bob', 'unreact', 'b1', '🎉', 50, 'failed'),
        ('bob', 'a6', 'Bob', 'user:bob', 'react', 'later', '🐟', 60, 'pending'),
        ('me', 'a7', 'Me', 'user:bob', 'delete', 'm3', '', 70, 'sending'),
        ('bob', 'a8', 'Bob', 'user:bob', 'pin', 'b1', '', 80, 'pending'),
        ('me', 'a9', 'Me', 'user:bob', 'unreact', 'm2', '👍', 90, 'queued'),
        ('dora', 'a10', 'Dora', 'user:dora', 'react', 'd1', '👍', 100, 'pending'),
        ('carl', 'a11', 'Carl', 'user:carl', 'react', 'glockenspiel', '👍', 110, 'pending'),
        ('carl', 'a12', 'Carl', 'user:carl', 'react', 'c9', '👍', 120, 'pending'),
        ('bob', 'b4', 'Bob', 'user:bob', 'react', 'later', '👎', 130, 'pending');
      INSERT INTO reaction (message, emoji, sender, author) SELECT id, '👍', 'bob', 'Bob' FROM message WHERE mid = 'm2';
      INSERT INTO reaction (message, emoji, sender, author) SELECT id, '🎉', 'me', 'Me' FROM message WHERE mid = 'b1';
      INSERT INTO outbox (conversation, seq, mid) VALUES
        ('user:bob', NULL, 'a7'), ('room:x', NULL, 'nothing'), ('user:bob', 3, 'm3');
      INSERT INTO draft VALUES ('user:bob', 'dear bob', 7);
      INSERT INTO purge VALUES ('user:carl', 2, 11);
      UPDATE upkeep SET unindexed_through = (SELECT max(id) FROM message);
    `);
    forget(new Statements(database), keyOfName("Bob"), "long ago");
  }

  it("answers every question as before", () => {
    old(everything);
    const history = open();
    const quote = { mid: "b1", seq: 1, from: "Bob", text: "first 👍" };
    const place = { conversation: bob, own: true, from: "Me" } as const;
    const first = { conversation: bob, seq: 1, mid: "b1", from: "Bob", own: false, text: "first 👍", sentAtMs: 1_000 };
    const second = {
      ...place,
      seq: 2,
      mid: "m2",
      text: "better",
      sentAtMs: 2_000,
      state: "queued",
      quote,
      edited: true,
    };
    const fourth = { conversation: bob, seq: 4, mid: "b4", from: "Bob", own: false, text: "fourth", sentAtMs: 5_000 };
    const refused = { ...place, seq: 5, mid: "m5", text: "refused", sentAtMs: 6_000, state: "failed" };
    const shown = [
      { ...first, state: "received", reactions: [{ emoji: "🎉", from: ["Me"] }] },
      { ...second, reactions: [{ emoji: "👍", from: ["Bob"] }] },
      { ...place, seq: 3, mid: "m3", text: "", sentAtMs: 3_000, state: "sending", edited: true, deleted: true },
      {
        ...{ ...fourth, state: "received", via: "k".repeat(43) },
        quote: { mid: "m2", seq: 2, from: "Me", text: "better" },
      },
      { ...refused, failure: { code: "blocked", reason: "No." } },
    ];
    assert.deepEqual(history.page(bob, undefined, 9), { messages: shown, more: false });
    const { contacts, outbox } = history.load();
    const marks = { blocked: false, readSeq: 1, readMarkSentSeq: 1, lastSeq: 5, unread: 1 };
    assert.deepEqual(
      contacts.find(({ conversation }) => conversation === bob),
      { conversation: bob, name: "Bob", muted: true, ...marks, last: shown[4], lastArrival: 7 },
    );
    assert.deepEqual(
      contacts.map(({ conversation, lastSeq, unread, last }) => [conversation, lastSeq, unread, last?.text]),
      [
        ["everyone", 0, 0, undefined],
        [bob, 5, 1, "refused"],
        [carl, 3, 1, "came later"],
      ],
    );
    assert.deepEqual(outbox, [
      { conversation: bob, mid: "a7" },
      { conversation: bob, mid: "m3", seq: 3 },
    ]);
    assert.deepEqual(history.queuedAtServer(bob), [{ seq: 2, mid: "m2" }, { mid: "a3" }, { mid: "a9" }]);
    assert.deepEqual(history.queuedAtServer(carl), []);
    const from = { conversation: bob, from: "Bob", target: "later", state: "pending" } as const;
    assert.deepEqual(history.pendingEvents(bob, "later"), [
      { ...from, mid: "a4", kind: "deletion", body: "", sentAtMs: 40 },
      { ...from, mid: "a6", kind: "reaction", body: "🐟", sentAtMs: 60 },
    ]);
    assert.deepEqual(history.pendingEvents(bob, "b1"), [], "of a kind that nobody knows");
    assert.equal(history.pendingEvents("user:dora", "d1").length, 1);
    assert.deepEqual(
      [history.pendingEvents(carl, "glockenspiel"), history.pendingEvents(carl, "c9").length],
      [[], 1],
      "what came before the deletion is gone, what came later is not",
    );
    const own = (mid: string): readonly unknown[] => {
      const { kind, target, body, state, seq } = history.ownEvent(mid) ?? {};
      return [kind, target, body, state, seq];
    };
    assert.deepEqual(["a2", "a3", "a5", "a7", "a9", "m2", "m3"].map(own), [
      ["reaction", "b1", "🎉", "delivered", undefined],
      ["edit", "m2", "", "queued", undefined],
      ["reactionRemoval", "b1", "🎉", "failed", undefined],
      ["deletion", "m3", "", "sending", undefined],
      ["reactionRemoval", "m2", "👍", "queued", undefined],
      ["reply", "b1", "better", "queued", 2],
      ["text", undefined, "", "sending", 3],
    ]);
    assert.equal(history.ownEvent("a1"), undefined);
    const beside: ConversationEvent = change({ from: "Me", mid: "new", target: "b1", body: "🎉", state: "sending" });
    assert.equal(history.ownReactionBeside(beside), "reaction");
    assert.equal(history.ownReactionBeside({ ...beside, target: "m2", body: "👍" }), "reactionRemoval");
    for (const mid of ["b1", "b4", "a1", "a4", "a6", "a8", "long ago"]) {
      assert.equal(history.isKnown(keyOfName("Bob"), mid), true, mid);
    }
    assert.equal(history.isKnown(keyOfName("Me"), "a1"), false);
    assert.deepEqual(
      history.repliesTo(bob, "m2").map(({ mid }) => mid),
      ["b4"],
    );
    assert.deepEqual(
      [history.messageNamed(bob, "a1"), history.messageOf(bob, keyOfName("bob"), "a1")],
      [undefined, undefined],
    );
    assert.deepEqual([history.hasWritten(bob), history.hasWritten(carl)], [true, false]);
    assert.equal(history.newestReceived(bob, 0, 9)?.mid, "b4");
    assert.equal(history.countReceivedAfter(bob, 0), 2);
    assert.deepEqual(
      history.ownUnreadThrough(bob, 9).map(({ mid }) => mid),
      ["m2", "m3"],
    );
    assert.deepEqual(history.drafts.get(bob), { text: "dear bob", revision: 7 });
    const found = (text: string) => history.search({ text, limit: 9 }).hits.map(({ message }) => message.mid);
    assert.deepEqual([found("👍"), found("better"), found("xylophone"), found("🐟")], [["b1"], ["m2"], [], []]);
    history.dispose();
  });

  it("takes its texts into the index, and its changes not", async () => {
    old(everything);
    const upkeep = new Upkeep(opened());
    await upkeep.index();
    const history = open();
    const found = (text: string) => history.search({ text, limit: 9 }).hits.map(({ message }) => message.mid);
    assert.deepEqual([found("👍"), found("better"), found("🐟")], [["b1"], ["m2"], []]);
    history.dispose();
  });

  it("is exported as before: the words of the file are its own", () => {
    old(everything);
    const reading = new ReadJobs(opened());
    const header = {
      format: archiveFormat,
      version: 1,
      account: { user: "Me", server: "s:1" },
      exportedAt: "",
    } as const;
    const lines: string[] = [];
    for (let after: string | undefined; ;) {
      const part = reading.export({ header, conversation: bob, after });
      lines.push(...part.lines);
      if (part.next === undefined) break;
      after = part.next;
    }
    const at = (ms: number): string => new Date(ms).toISOString();
    const act = (mid: string, from: string, of: string, ms: number) => ({
      conversation: bob,
      from,
      mid,
      of,
      at: at(ms),
    });
    assert.deepEqual(
      lines.slice(-9).map((line) => JSON.parse(line) as unknown),
      [
        { event: "reaction", ...act("a1", "Bob", "m2", 10), emoji: "👍", on: true },
        { event: "reaction", ...act("a2", "Me", "b1", 20), emoji: "🎉", on: true },
        { event: "edit", ...act("a3", "Me", "m2", 30) },
        { event: "deletion", ...act("a4", "Bob", "later", 40), waiting: true },
        { event: "reaction", ...act("a5", "Me", "b1", 50), failed: true, emoji: "🎉", on: false },
        { event: "reaction", ...act("a6", "Bob", "later", 60), waiting: true, emoji: "🐟", on: true },
        { event: "deletion", ...act("a7", "Me", "m3", 70), failed: true },
        { event: "reaction", ...act("a9", "Me", "m2", 90), emoji: "👍", on: false },
        { event: "end", messages: 5, changes: 8 },
      ],
    );
  });

  it("finishes a deletion that was under way, and nothing of it is left in any file", async () => {
    old(everything);
    assert.deepEqual([holds("xylophone"), holds("glockenspiel")], [true, true]);
    const database = opened();
    const history = new History(database, keyOfName("Me"));
    const upkeep = new Upkeep(openDatabase(path, historyMigrations));
    assert.deepEqual(await upkeep.purge(), [carl]);
    history.purged();
    assert.deepEqual([holds("xylophone"), holds("glockenspiel")], [false, false]);
    assert.equal(history.isKnown(keyOfName("Carl"), "c1"), true);
    assert.equal(history.isKnown(keyOfName("Carl"), "a11"), true);
    assert.equal(history.pendingEvents(carl, "c9").length, 1);
    assert.deepEqual(
      history.page(carl, undefined, 9).messages.map(({ text }) => text),
      ["came later"],
    );
    assert.equal(database.prepare("SELECT count(*) AS count FROM purge").get()?.["count"], 0);
    history.dispose();
  });

  it("brings back nothing of a text that was changed before", () => {
    old((database) => {
      everything(database);
      database.exec("UPDATE message SET text = 'marimba' WHERE mid = 'b1'");
      database.exec("UPDATE message SET text = 'other' WHERE mid = 'b1'");
    });
    opened().close();
    assert.equal(holds("marimba"), false);
  });

  it("holds together: every reference is followed, every count is right, and the file is sound", () => {
    old(everything);
    const database = opened();
    const history = new History(database, keyOfName("Me"));
    assert.deepEqual(database.prepare("PRAGMA foreign_key_check").all(), []);
    assert.equal(database.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
    const [changes] = database
      .prepare("SELECT count(*) AS count, min(seq = -id) AS placed FROM event WHERE seq < 0")
      .all();
    assert.deepEqual({ ...changes }, { count: 12, placed: 1 });
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const gone of ["message", "act", "last_message", "outbox_before"]) {
      assert.equal(
        names.some(({ name }) => name === gone),
        false,
        gone,
      );
    }
    assert.deepEqual(
      history.load().contacts.map(({ conversation }) => conversation),
      ["everyone", bob, carl],
      "nobody is a contact by a change alone",
    );
    assert.throws(() => history.commit([addChange(change({ mid: "b1" }))]), "a message has that id");
    history.dispose();
  });

  it("of 200,000 messages becomes the one table in place: no page of theirs is copied", function () {
    this.timeout(60_000);
    old((database) => {
      database.exec(`
        PRAGMA synchronous = OFF;
        INSERT INTO conversation VALUES ('user:bob', 'Bob', 0, 0, 0, 0);
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200000)
        INSERT INTO message (conversation, seq, sender, mid, author, own, text, sent_at_ms, state)
          SELECT 'user:bob', n, 'bob', 'b' || n, 'Bob', 0, 'some text of message ' || n, n, 'received' FROM number;
        INSERT INTO act (sender, mid, author, conversation, kind, target, emoji, sent_at_ms, state)
          VALUES ('bob', 'a1', 'Bob', 'user:bob', 'react', 'b1', '👍', 1, 'done');
        PRAGMA wal_checkpoint(TRUNCATE);
      `);
    });
    const pages = (database: DatabaseSync) => Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
    const root = (database: DatabaseSync, table: string) => {
      return database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table)?.["rootpage"];
    };
    const former = openDatabase(path, before);
    const [pagesBefore, rootBefore] = [pages(former), root(former, "message")];
    former.close();
    const database = openDatabase(path, historyMigrations, { checked: false, forgets: true });
    assert.equal(root(database, "event"), rootBefore);
    assert.ok(pages(database) - pagesBefore <= 10, `${pages(database)} of ${pagesBefore}`);
    // Everything that the migration has written is in the log: pages of 4 KiB.
    assert.ok(statSync(`${path}-wal`).size < 100 * 4_096, String(statSync(`${path}-wal`).size));
    assert.ok(pagesBefore > 5_000, String(pagesBefore));
    database.close();
  });
});
