import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../../base/sqlite.ts";
import { noSeq } from "../../../../daemon/core/acts.ts";
import { ActStore } from "../../../../daemon/history/act-store.ts";
import { ConversationStore } from "../../../../daemon/history/conversation-store.ts";
import { Messages } from "../../../../daemon/history/messages.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { SearchIndex } from "../../../../daemon/history/search/search-index.ts";
import { Statements } from "../../../../daemon/history/statements.ts";
import { received } from "../stored.ts";

describe("what waits at the server, as the history says it", () => {
  let database: DatabaseSync;
  let statements: Statements;
  beforeEach(() => {
    database = openDatabase(":memory:", historyMigrations);
    statements = new Statements(database);
    const flags = { blocked: false, muted: false, readSeq: 0, toldSeq: 0 };
    new ConversationStore(statements).put({ conversation: "user:bob", name: "bob", ...flags });
  });
  afterEach(() => {
    statements.clear();
    database.close();
  });

  it("is looked for among the newest messages only, those that were not sent yet left out", () => {
    const messages = new Messages(statements, new SearchIndex(statements));
    const states = ["queued", "queued", "delivered", "queued", "sending", "sending", "sending"] as const;
    for (const [index, state] of states.entries()) {
      messages.add(received(index + 1, { mid: `m${index + 1}`, from: "Me", own: true, state }));
    }
    const found = (limit: number) => messages.queued("user:bob", 0, limit).map(({ seq }) => seq);
    assert.deepEqual([found(1), found(3), found(9)], [[4], [2, 4], [1, 2, 4]]);
  });

  it("is the newest acts", () => {
    const acts = new ActStore(statements);
    for (const mid of ["a1", "a2", "a3"]) {
      const act = { conversation: "user:bob", mid, from: "Me", kind: "react", target: "b1", emoji: "👍" } as const;
      acts.add({ ...act, sentAtMs: 5, state: "queued" });
    }
    assert.deepEqual(acts.queued("user:bob", 2), [
      { seq: noSeq, mid: "a2" },
      { seq: noSeq, mid: "a3" },
    ]);
  });
});
