import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../../base/sqlite.ts";
import { History } from "../../../../daemon/history/history.ts";
import { QueuedEvents } from "../../../../daemon/history/queued-events.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { Statements } from "../../../../daemon/history/statements.ts";
import { Purges } from "../../../../daemon/history/upkeep/purges.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { contact, received } from "../stored.ts";
import { add, addChange, change } from "./writes.ts";

describe("what waits at the server, as the history says it", () => {
  let database: DatabaseSync;
  let history: History;
  let queued: QueuedEvents;
  beforeEach(() => {
    database = openDatabase(":memory:", historyMigrations);
    history = new History(database, keyOfName("Me"));
    history.commit([contact("user:bob")]);
    const statements = new Statements(database);
    queued = new QueuedEvents(statements, new Purges(statements));
  });
  afterEach(() => history.dispose());

  it("is looked for among the newest messages only, those that were not sent yet left out", () => {
    const states = ["queued", "queued", "delivered", "queued", "sending", "sending", "sending"] as const;
    const messages = states.map((state, index) => {
      return received(index + 1, { mid: `m${index + 1}`, from: "Me", own: true, state });
    });
    history.commit(messages.map(add));
    const found = (limit: number) => queued.of("user:bob", limit).map(({ seq }) => seq);
    assert.deepEqual([found(1), found(3), found(9)], [[4], [2, 4], [1, 2, 4]]);
  });

  it("is the newest changes, however many of them have arrived since", () => {
    const mine = (mid: string, state: "queued" | "delivered") => addChange(change({ mid, from: "Me", state }));
    history.commit(["a1", "a2", "a3"].map((mid) => mine(mid, "queued")));
    history.commit(["a4", "a5"].map((mid) => mine(mid, "delivered")));
    assert.deepEqual(queued.of("user:bob", 2), [{ mid: "a2" }, { mid: "a3" }]);
  });

  it("has nothing of a conversation that is being deleted", () => {
    const mine = (mid: string) => addChange(change({ mid, from: "Me", state: "queued" }));
    history.commit([add(received(1, { from: "Me", own: true, state: "queued" })), mine("a1")]);
    history.commit([{ kind: "purge", conversation: "user:bob", throughSeq: 1 }]);
    assert.deepEqual(history.queuedAtServer("user:bob"), []);
    history.commit([mine("a2")]);
    assert.deepEqual(history.queuedAtServer("user:bob"), [{ mid: "a2" }]);
  });
});
