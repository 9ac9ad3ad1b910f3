import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { openDatabase } from "../../../../base/sqlite.ts";
import { History } from "../../../../daemon/history/history.ts";
import { Removal } from "../../../../daemon/history/upkeep/removal-steps.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { SearchIndex } from "../../../../daemon/history/search/search-index.ts";
import { Statements } from "../../../../daemon/history/statements.ts";
import { ReadJobs } from "../../../../daemon/history/thread/read-jobs.ts";
import { archiveFormat } from "../../../../protocol/api/archive-lines.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { contact, received } from "../stored.ts";
import { add, addChange, change, stateOf } from "./writes.ts";

describe("the file of a history", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    path = join(folder, "history.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (): History => new History(openDatabase(path, historyMigrations), keyOfName("Me"));

  it("of the version before is read with all that it holds, and can be searched", () => {
    const old = openDatabase(path, historyMigrations.slice(0, 1));
    old.exec(`
      INSERT INTO conversation VALUES ('user:bob', 'Bob', 0, 1, 1);
      INSERT INTO message VALUES ('user:bob', 1, 'bob', 'b1', 'Bob', 0, 'an old 消息', 1000, 'received', NULL, NULL);
      INSERT INTO message VALUES ('user:bob', 2, 'me', 'm1', 'Me', 1, 'refused', 2000, 'failed', 'blocked', 'No.');
      INSERT INTO message VALUES ('user:bob', 3, 'me', 'm2', 'Me', 1, 'not sent yet', 3000, 'sending', NULL, NULL);
      INSERT INTO outbox (conversation, seq, mid) VALUES ('user:bob', 3, 'm2');
    `);
    old.close();
    const history = open();
    const waiting = { conversation: "user:bob", seq: 3, mid: "m2", from: "Me", own: true, text: "not sent yet" };
    const last = { ...waiting, sentAtMs: 3_000, state: "sending" };
    const bob = {
      conversation: "user:bob",
      name: "Bob",
      blocked: false,
      muted: true,
      readSeq: 1,
      readMarkSentSeq: 1,
      lastSeq: 3,
    };
    assert.deepEqual(history.load(), {
      contacts: [{ ...bob, unread: 0, last, lastArrival: 3 }],
      outbox: [{ conversation: "user:bob", seq: 3, mid: "m2" }],
    });
    assert.deepEqual(history.message("user:bob", 2)?.failure, { code: "blocked", reason: "No." });
    assert.equal(history.isKnown(keyOfName("bob"), "b1"), true);
    assert.equal(history.search({ text: "消息", limit: 9 }).hits[0]?.message.mid, "b1");
    assert.throws(() => history.commit([add(received(4, { mid: "b1" }))]));
    history.commit([add(received(4))]);
    history.dispose();
    const again = open();
    assert.equal(again.search({ text: "text", limit: 9 }).hits.length, 1);
    again.dispose();
  });

  it("holds nothing any more of what was taken back or changed [P-4.15]", () => {
    const history = open();
    const secret = "xylophonesecret";
    history.commit([contact("user:bob"), add(received(1, { text: `a ${secret} `.repeat(2_000) }))]);
    history.commit([add(received(2, { text: `another ${secret}`, quote: { mid: "b1", text: "" } }))]);
    const holds = (): boolean => {
      return readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes("ylophonesecret"));
    };
    assert.equal(holds(), true);
    history.commit([{ kind: "text", message: received(1, { text: "", deleted: true }) }]);
    history.commit([{ kind: "text", message: received(2, { text: "harmless", edited: true }) }]);
    assert.equal(holds(), false);
    history.dispose();
    assert.equal(holds(), false);
  });

  it("keeps drafts for each conversation, and the revision of an empty one", () => {
    const history = open();
    history.drafts.set("user:bob", "dear");
    history.drafts.set("user:bob", "dear bob");
    history.drafts.set("everyone", "all");
    assert.deepEqual(history.drafts.get("user:bob"), { text: "dear bob", revision: 2 });
    history.dispose();
    const again = open();
    assert.deepEqual(again.drafts.get("user:bob"), { text: "dear bob", revision: 2 });
    assert.deepEqual(again.drafts.get("everyone"), { text: "all", revision: 1 });
    again.drafts.set("everyone", "");
    again.drafts.flush();
    assert.deepEqual(again.drafts.get("everyone"), { text: "", revision: 2 });
    again.dispose();
  });

  it("is read by its indexes, however long it is: no statement looks at all events or reactions", () => {
    const database = openDatabase(path, historyMigrations);
    const plan = new Map<string, string>();
    const prepare = database.prepare.bind(database);
    const watched: DatabaseSync = Object.assign(database, {
      prepare: (sql: string) => {
        const steps = prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
        plan.set(sql, steps.map((step) => String(step["detail"])).join("; "));
        return prepare(sql);
      },
    });
    const bob = "user:bob";
    const history = new History(watched, keyOfName("Me"));
    const mine = change({ from: "Me", state: "sending" });
    history.commit([
      contact(bob),
      add(received(1, { quote: { mid: "b0", text: "" } })),
      add(received(2, { mid: "m2", from: "Me", own: true, state: "sending" })),
      { kind: "outbox", conversation: bob, mid: "m2", present: true },
      addChange(mine),
      { kind: "outbox", conversation: bob, mid: "a1", present: true },
      { kind: "state", from: "Me", mid: "a1", state: "delivered" },
      { kind: "outbox", conversation: bob, mid: "a1", present: false },
      { kind: "reaction", conversation: bob, seq: 1, emoji: "👍", from: "Me", on: true },
      { kind: "reaction", conversation: bob, seq: 1, emoji: "👍", from: "Me", on: false },
      stateOf(received(2, { mid: "m2", from: "Me", own: true, state: "read" })),
      { kind: "text", message: received(1, { text: "", deleted: true }) },
    ]);
    history.load();
    history.page(bob, 500, 100);
    for (const conversation of [bob, undefined] as const)
      history.search({ text: "text needle", conversation, limit: 9 });
    history.message(bob, 1);
    history.messageOf(bob, keyOfName("bob"), "b1");
    history.messageNamed(bob, "b1");
    history.repliesTo(bob, "b0");
    history.pendingEvents(bob, "b0");
    history.queuedAtServer(bob);
    history.ownEvent("a1");
    history.ownReactionBeside({ ...mine, mid: "a2" });
    history.hasWritten(bob);
    history.isKnown(keyOfName("bob"), "b1");
    history.newestReceived(bob, 0, 1);
    history.countReceivedAfter(bob, 5);
    history.ownUnreadThrough(bob, 9);
    const reading = new ReadJobs(watched);
    reading.pageAfter({ conversation: bob, after: 0, limit: 100 });
    reading.around({ conversation: bob, seq: 1, limit: 100 });
    const header = {
      format: archiveFormat,
      version: 1,
      account: { user: "Me", server: "s:1" },
      exportedAt: "",
    } as const;
    for (const after of [undefined, "messages:0:0:0", "changes:0:0:0"]) reading.export({ header, after });
    for (const after of ["messages:0:0:0", "changes:0:0:0"]) reading.export({ header, conversation: bob, after });
    const statements = new Statements(watched);
    const index = new SearchIndex(statements);
    index.takeIn(100);
    const removal = new Removal(statements, index);
    removal.trimStep(bob, 0);
    removal.trimChangesStep(0);
    history.commit([{ kind: "purge", conversation: bob, throughSeq: 9 }]);
    while (removal.purgeStep(bob));
    assert.ok(plan.size >= 50, String(plan.size));
    for (const [sql, steps] of plan) {
      // In the order of their numbers, from some number on.
      const inOrder = /ORDER BY id( DESC)?( LIMIT \d+)?$/.test(sql);
      if (!inOrder) assert.doesNotMatch(steps, /SCAN (event|reaction)( |;|$)/, `${sql}: ${steps}`);
      // The conversation alone narrows nothing down: it may be all there is.
      const all = /event USING (COVERING )?INDEX \S+ \(conversation=\?\)/.exec(steps)?.[0] ?? "";
      const isNarrow = /_own|_queued|_unread|_received/.test(all) || /conversation = \? AND seq > \?/.test(sql);
      // Whether there is any is known by the first.
      const isAny = /EXISTS\s+\(SELECT 1 FROM event WHERE event.conversation = conversation.id\b/.test(sql);
      assert.ok(all === "" || isNarrow || isAny, `${sql}: ${steps}`);
      if (/ORDER BY (seq|id)/.test(sql)) assert.doesNotMatch(steps, /TEMP B-TREE/, `${sql}: ${steps}`);
    }
    history.dispose();
  });

  it("has no index for which SQLite would prepare a statement anew with each position that it is given", () => {
    const database = openDatabase(path, historyMigrations);
    const indexes = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql GLOB ?");
    assert.deepEqual(indexes.all("*WHERE*seq [<>]*"), []);
    assert.equal(indexes.all("*WHERE*> seq*").length, 1);
    database.close();
  });

  it("counts what is unread by blocks, whatever is added, changed, moved and taken out", () => {
    const database = openDatabase(path, historyMigrations);
    const history = new History(database, keyOfName("Me"));
    history.commit([contact("user:bob"), contact("everyone")]);
    const step = fc.record({
      kind: fc.constantFrom("add", "add", "own", "delete", "remove", "move"),
      seq: fc.integer({ min: 1, max: 5_000 }),
    });
    const run = (steps: readonly { kind: string; seq: number }[]): void => {
      for (const { kind, seq } of steps) {
        const isKnown = history.message("user:bob", seq) !== undefined;
        const message = received(seq, { mid: `m${seq}`, own: kind === "own" });
        if ((kind === "add" || kind === "own") && !isKnown) history.commit([add(message)]);
        if (kind === "delete" && isKnown)
          history.commit([{ kind: "text", message: { ...message, text: "", deleted: true } }]);
        if (kind === "remove") database.prepare("DELETE FROM event WHERE seq = ?").run(seq);
        if (kind === "move") database.prepare("UPDATE event SET seq = seq + 10000 WHERE seq = ?").run(seq);
      }
      for (const after of [0, 1, 1_023, 1_024, 1_025, 2_047, 3_000, 9_999, 20_000]) {
        const counted = database
          .prepare("SELECT count(*) AS count FROM event WHERE conversation = ? AND seq > ? AND own = 0 AND deleted = 0")
          .get("user:bob", after);
        assert.equal(history.countReceivedAfter("user:bob", after), counted?.["count"]);
      }
      database.exec("DELETE FROM event");
      assert.equal(history.countReceivedAfter("user:bob", 0), 0);
    };
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), run), { numRuns: 30 });
    history.dispose();
  });
});
