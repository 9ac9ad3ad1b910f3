import assert from "node:assert/strict";
import { openDatabase } from "../../../../base/sqlite.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { contact, received } from "../stored.ts";

describe("a row that another version wrote", () => {
  it("is one row: the account opens, and the rest is read", () => {
    const database = openDatabase(":memory:", historyMigrations);
    const history = new History(database, keyOfName("Me"));
    history.commit([contact("user:bob")]);
    for (const seq of [1, 2, 3, 4]) history.commit([{ kind: "message", message: received(seq) }]);
    database.exec("UPDATE message SET failure_code = 'code_of_tomorrow', failure_reason = 'No.' WHERE seq = 1");
    database.exec("UPDATE message SET state = 'state_of_tomorrow', sent_at_ms = 9000000000000000 WHERE seq = 2");
    database.exec("UPDATE message SET author = '' WHERE seq = 3");
    const { contacts } = history.load();
    assert.equal(contacts[0]?.last?.text, "text 4");
    const [failed, stateless, unreadable] = history.page("user:bob", undefined, 10).messages;
    assert.deepEqual(failed?.failure, { code: "internal", reason: "No." });
    assert.deepEqual([stateless?.state, stateless?.sentAtMs], ["received", 8.64e15]);
    assert.deepEqual([unreadable?.unreadable, unreadable?.text, unreadable?.mid], [true, "", "b3"]);
    history.dispose();
  });
});
