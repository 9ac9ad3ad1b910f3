import assert from "node:assert/strict";
import { openDatabase } from "../../../../base/sqlite.ts";
import type { Write } from "../../../../daemon/core/effects.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { add } from "./writes.ts";

function received(conversation: ConversationId, from: string, mid: string): Write[] {
  const marks = { blocked: false, muted: false, readSeq: 0, readMarkSentSeq: 0 };
  const told = { seq: 1, own: false, text: `by ${from}`, sentAtMs: 1, state: "received" } as const;
  return [{ kind: "contact", conversation, name: from, ...marks }, add({ conversation, mid, from, ...told })];
}

describe("A message that a link names", () => {
  it("is found by its author and id in whichever conversation, until it is deleted here", () => {
    const history = new History(openDatabase(":memory:", historyMigrations), keyOfName("me"));
    history.commit([...received("user:bob", "bob", "same"), ...received("everyone", "carol", "same")]);
    const found = (from: string, mid = "same") => history.messageAnywhere(keyOfName(from), mid)?.conversation;
    assert.deepEqual(
      [found("BOB"), found("carol"), found("dave"), found("bob", "1")],
      ["user:bob", "everyone", undefined, undefined],
    );
    history.commit([{ kind: "purge", conversation: "user:bob", throughSeq: 1 }]);
    assert.deepEqual([found("bob"), found("carol")], [undefined, "everyone"]);
    history.dispose();
  });
});
