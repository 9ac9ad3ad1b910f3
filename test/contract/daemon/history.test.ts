// What every history keeps to: in a file, in memory by SQLite, and the tests' own in memory.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../base/sqlite.ts";
import { failure } from "../../../protocol/errors.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type { ChatMessage, ConversationId } from "../../../protocol/editor/model.ts";
import type { Write } from "../../../daemon/core/effects.ts";
import { History } from "../../../daemon/history/history.ts";
import { historyMigrations } from "../../../daemon/history/schema.ts";
import { MemoryHistory } from "../../unit/daemon/memory-history.ts";

type Subject = Pick<History, "commit" | "load" | "page"> & Omit<MemoryHistory, "#messages">;

const me = keyOfName("Me");

export function contact(conversation: ConversationId, added: Partial<Extract<Write, { kind: "contact" }>> = {}): Write {
  const name = conversation.replace("user:", "");
  return { kind: "contact", conversation, name, blocked: false, muted: false, readSeq: 0, ...added };
}

export function received(seq: number, added: Partial<ChatMessage> = {}): ChatMessage {
  return {
    ...{ conversation: "user:bob", seq, mid: `b${seq}`, from: "Bob", own: false, text: `text ${seq}` },
    ...{ sentAtMs: seq * 1_000, state: "received", ...added },
  };
}

function own(seq: number, added: Partial<ChatMessage> = {}): ChatMessage {
  return received(seq, { mid: `m${seq}`, from: "Me", own: true, state: "sending", ...added });
}

const add = (message: ChatMessage): Write => ({ kind: "message", message });

const implementations: Readonly<Record<string, () => { history: Subject; end: () => void }>> = {
  "in a file": () => {
    const folder = mkdtempSync(join(tmpdir(), "history-"));
    const history = new History(openDatabase(join(folder, "history.db"), historyMigrations), me);
    const end = (): void => {
      history.dispose();
      rmSync(folder, { recursive: true });
    };
    return { history, end };
  },
  "in SQLite's memory": () => {
    const history = new History(openDatabase(":memory:", historyMigrations), me);
    return { history, end: () => history.dispose() };
  },
  "in plain memory": () => ({ history: new MemoryHistory(), end: () => undefined }),
};

for (const [name, create] of Object.entries(implementations)) {
  describe(`the history ${name}`, () => {
    let history: Subject;
    let end: () => void;
    beforeEach(() => ({ history, end } = create()));
    afterEach(() => end());

    it("gives messages back as they were stored, page by page, oldest first", () => {
      history.commit([contact("user:bob"), ...[1, 2, 3, 4, 5].map((seq) => add(received(seq)))]);
      const newest = history.page("user:bob", undefined, 2);
      assert.deepEqual(newest, { messages: [received(4), received(5)], more: true });
      assert.deepEqual(history.page("user:bob", 4, 3), {
        messages: [1, 2, 3].map((seq) => received(seq)),
        more: false,
      });
      assert.deepEqual(history.page("everyone", undefined, 3), { messages: [], more: false });
    });

    it("knows a message of a sender and id for ever, and refuses a second one [P-5.4]", () => {
      history.commit([contact("user:bob"), add(received(1))]);
      assert.equal(history.isKnown(keyOfName("BOB"), "b1"), true);
      assert.equal(history.isKnown(keyOfName("carol"), "b1"), false);
      assert.throws(() => history.commit([add(received(2, { mid: "b1" }))]));
    });

    it("finds this person's own message by its id, and nobody else's", () => {
      history.commit([contact("user:bob"), add(own(1)), add(received(2))]);
      assert.deepEqual(history.ownMessage("user:bob", "m1"), own(1));
      assert.equal(history.ownMessage("user:bob", "b2"), undefined);
      assert.equal(history.ownMessage("user:carol", "m1"), undefined);
    });

    it("keeps states and failures as they change", () => {
      const failed = own(1, { state: "failed", failure: { code: "blocked", reason: failure("blocked").reason } });
      history.commit([contact("user:bob"), add(own(1)), { kind: "state", message: failed }]);
      assert.deepEqual(history.message("user:bob", 1), failed);
      history.commit([{ kind: "state", message: own(1) }]);
      assert.deepEqual(history.message("user:bob", 1), own(1));
    });

    it("says which own messages were not seen to be read", () => {
      const states = ["sending", "queued", "delivered", "read", "failed"] as const;
      const messages = states.map((state, index) => own(index + 1, { state }));
      history.commit([contact("user:bob"), ...messages.map(add), add(own(6))]);
      const found = history.ownUnreadThrough("user:bob", 5).map(({ seq }) => seq);
      assert.deepEqual(found, [1, 2, 3]);
    });

    it("counts what others sent behind a position, and finds the newest up to one", () => {
      history.commit([contact("user:bob"), add(received(1)), add(own(2)), add(received(3)), add(received(4))]);
      assert.equal(history.countReceivedAfter("user:bob", 1), 2);
      assert.equal(history.newestReceived("user:bob", 0, 2), "b1");
      assert.equal(history.newestReceived("user:bob", 1, 2), undefined);
    });

    it("is found again as it was left: contacts, marks, mutes, unread and the outbox in its order", () => {
      const out = (seq: number, present: boolean): Write => {
        return { kind: "outbox", conversation: "user:bob", seq, mid: `m${seq}`, present };
      };
      history.commit([
        contact("user:bob", { name: "Bob" }),
        add(received(1)),
        add(received(2)),
        add(own(3)),
        add(own(4)),
      ]);
      history.commit([out(4, true), out(3, true), contact("user:bob", { name: "Bob", readSeq: 1, muted: true })]);
      const bob = {
        conversation: "user:bob",
        name: "Bob",
        blocked: false,
        muted: true,
        readSeq: 1,
        unread: 1,
        last: own(4),
      };
      const entries = [4, 3].map((seq) => ({ conversation: "user:bob", seq, mid: `m${seq}` }));
      assert.deepEqual(history.load(), { contacts: [bob], outbox: entries });
      history.commit([out(4, false)]);
      assert.deepEqual(history.load().outbox, entries.slice(1));
    });
  });
}
