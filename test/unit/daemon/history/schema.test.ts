import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../../base/sqlite.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { contact, received } from "../stored.ts";

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
      toldSeq: 1,
      lastSeq: 3,
    };
    assert.deepEqual(history.load(), {
      contacts: [{ ...bob, unread: 0, last }],
      outbox: [{ conversation: "user:bob", seq: 3, mid: "m2" }],
    });
    assert.deepEqual(history.message("user:bob", 2)?.failure, { code: "blocked", reason: "No." });
    assert.equal(history.isKnown(keyOfName("bob"), "b1"), true);
    assert.equal(history.search({ text: "消息", limit: 9 }).hits[0]?.message.mid, "b1");
    assert.throws(() => history.commit([{ kind: "message", message: received(4, { mid: "b1" }) }]));
    history.commit([{ kind: "message", message: received(4) }]);
    history.dispose();
    const again = open();
    assert.equal(again.search({ text: "text", limit: 9 }).hits.length, 1);
    again.dispose();
  });

  it("holds nothing any more of what was taken back or changed [P-4.15]", () => {
    const history = open();
    const secret = "xylophonesecret";
    history.commit([
      contact("user:bob"),
      { kind: "message", message: received(1, { text: `a ${secret} `.repeat(2_000) }) },
    ]);
    history.commit([
      { kind: "message", message: received(2, { text: `another ${secret}`, quote: { mid: "b1", text: "" } }) },
    ]);
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

  it("is read by its indexes, however long it is: pages, looking up, reactions and answers", () => {
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
    const history = new History(watched, keyOfName("Me"));
    history.commit([
      contact("user:bob"),
      { kind: "message", message: received(1, { quote: { mid: "b0", text: "" } }) },
    ]);
    plan.clear();
    history.page("user:bob", 500, 100);
    history.message("user:bob", 1);
    history.messageOf("user:bob", keyOfName("bob"), "b1");
    history.messageNamed("user:bob", "b1");
    history.answersTo("user:bob", "b0");
    history.pendingActs("user:bob", "b0");
    history.queuedAtServer("user:bob");
    history.ownAct("a1");
    history.hasWritten("user:bob");
    history.isKnown(keyOfName("bob"), "b1");
    history.newestReceived("user:bob", 0, 1);
    history.ownUnreadThrough("user:bob", 9);
    assert.ok(plan.size >= 12);
    for (const [sql, steps] of plan) {
      assert.match(steps, /SEARCH/, `${sql}: ${steps}`);
      assert.doesNotMatch(steps, /SCAN/, `${sql}: ${steps}`);
      // The conversation alone narrows nothing down: it may be all there is.
      const narrowed = / AND (seq|mid|answers|target)[=<>]|\((message=|sender=\? AND|rowid=)|act_queued|_own|_unread/;
      assert.match(steps, narrowed, `${sql}: ${steps}`);
      if (sql.includes("ORDER BY seq")) assert.doesNotMatch(steps, /TEMP B-TREE/, `${sql}: ${steps}`);
    }
    history.dispose();
  });
});
