// What every history keeps to: in a file, in memory by SQLite, and the tests' own in memory.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../base/sqlite.ts";
import { failure } from "../../../protocol/errors.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationEvent } from "../../../protocol/conversations/event.ts";
import type { Write } from "../../../daemon/core/effects.ts";
import type { HistoryQueries } from "../../../daemon/core/ports.ts";
import { History } from "../../../daemon/history/history.ts";
import { historyMigrations } from "../../../daemon/history/schema.ts";
import { MemoryHistory } from "../../unit/daemon/memory-history.ts";
import { add, addChange, change, stateOf } from "../../unit/daemon/history/writes.ts";
import { contact, received } from "../../unit/daemon/stored.ts";

type Subject = Pick<History, "commit" | "load" | "page"> & HistoryQueries;

const me = keyOfName("Me");

function own(seq: number, added: Partial<ChatMessage> = {}): ChatMessage {
  return received(seq, { mid: `m${seq}`, from: "Me", own: true, state: "sending", ...added });
}

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
      history.commit([contact("user:bob"), add(own(1)), stateOf(failed)]);
      assert.deepEqual(history.message("user:bob", 1), failed);
      history.commit([stateOf(own(1))]);
      assert.deepEqual(history.message("user:bob", 1), own(1));
    });

    it("says which own messages were not seen to be read", () => {
      const states = ["sending", "queued", "delivered", "read", "failed"] as const;
      const messages = states.map((state, index) => own(index + 1, { state }));
      history.commit([contact("user:bob"), ...messages.map(add), add(own(6))]);
      const found = history.ownUnreadThrough("user:bob", 5).map(({ seq }) => seq);
      assert.deepEqual(found, [1, 2, 3]);
    });

    it("names what waits at the server: messages in their order, then changes", () => {
      const states = ["queued", "delivered", "queued", "sending", "read", "queued"] as const;
      const mine = change({ mid: "a1", from: "Me", state: "queued" });
      const messages = states.map((state, index) => add(own(index + 1, { state })));
      history.commit([contact("user:bob"), addChange(mine), ...messages]);
      const waiting = [1, 3, 6].map((seq) => ({ seq, mid: `m${seq}` }));
      assert.deepEqual(history.queuedAtServer("user:bob"), [...waiting, { mid: "a1" }]);
      assert.deepEqual(history.queuedAtServer("everyone"), []);
    });

    it("counts what others sent behind a position, and finds the newest up to one", () => {
      history.commit([contact("user:bob"), add(received(1)), add(own(2)), add(received(3)), add(received(4))]);
      assert.equal(history.countReceivedAfter("user:bob", 1), 2);
      assert.equal(history.newestReceived("user:bob", 0, 2)?.mid, "b1");
      assert.equal(history.newestReceived("user:bob", 1, 2), undefined);
    });

    it("says whether anything but one message was written by others, or not refused", () => {
      const refused = { state: "failed", failure: { code: "no_such_user", reason: "nobody" } } as const;
      history.commit([contact("user:bob"), add(own(1, refused)), add(own(2, refused))]);
      assert.equal(history.hasOther("user:bob", 2), false);
      history.commit([add(own(3, { state: "queued" }))]);
      assert.deepEqual([history.hasOther("user:bob", 2), history.hasOther("user:bob", 3)], [true, false]);
      history.commit([add(received(4))]);
      assert.deepEqual([history.hasOther("user:bob", 3), history.hasOther("user:carol", 1)], [true, false]);
    });

    it("finds a message by its author and id, and the first of an id, in its conversation only", () => {
      history.commit([contact("user:bob"), add(own(1, { mid: "same" })), add(received(2, { mid: "same" }))]);
      assert.equal(history.messageOf("user:bob", keyOfName("bob"), "same")?.seq, 2);
      assert.equal(history.messageNamed("user:bob", "same")?.seq, 1);
      assert.equal(history.messageOf("user:bob", keyOfName("carol"), "same"), undefined);
      assert.equal(history.messageNamed("everyone", "same"), undefined);
    });

    it("keeps a changed text, and none of one that was taken back, with its reactions gone [P-4.15]", () => {
      const reaction = {
        kind: "reaction",
        conversation: "user:bob",
        seq: 1,
        emoji: "👍",
        from: "Bob",
        on: true,
      } as const;
      history.commit([contact("user:bob"), add(received(1)), reaction]);
      const edited = received(1, { text: "better", edited: true, reactions: [{ emoji: "👍", from: ["Bob"] }] });
      history.commit([{ kind: "text", message: edited }]);
      assert.deepEqual(history.message("user:bob", 1), edited);
      const deleted = received(1, { text: "", edited: true, deleted: true });
      history.commit([{ kind: "text", message: deleted }]);
      assert.deepEqual(history.message("user:bob", 1), deleted);
    });

    it("keeps who reacted how, in the order in which they did [P-4.15]", () => {
      const react = (emoji: string, from: string, on = true): Write => {
        return { kind: "reaction", conversation: "user:bob", seq: 1, emoji, from, on };
      };
      history.commit([contact("user:bob"), add(received(1)), react("👍", "Bob"), react("🎉", "Me"), react("👍", "Me")]);
      assert.deepEqual(history.message("user:bob", 1)?.reactions, [
        { emoji: "👍", from: ["Bob", "Me"] },
        { emoji: "🎉", from: ["Me"] },
      ]);
      history.commit([react("👍", "BOB", false), react("🎉", "me", false), react("🎉", "nobody", false)]);
      assert.deepEqual(history.page("user:bob", undefined, 1).messages[0]?.reactions, [{ emoji: "👍", from: ["Me"] }]);
    });

    it("shows a reply with the message that it quotes, as that is now [P-4.15]", () => {
      const reply = received(2, { quote: { mid: "m1", text: "" } });
      history.commit([contact("user:bob"), add(reply)]);
      assert.deepEqual(history.message("user:bob", 2), reply);
      history.commit([add(own(1, { text: "two\nlines" }))]);
      const quote = { mid: "m1", seq: 1, from: "Me", text: "two lines" };
      assert.deepEqual(history.message("user:bob", 2)?.quote, quote);
      assert.deepEqual(
        history.repliesTo("user:bob", "m1").map(({ seq }) => seq),
        [2],
      );
      history.commit([{ kind: "text", message: own(1, { text: "", deleted: true }) }]);
      assert.equal(history.message("user:bob", 2)?.quote?.text, "");
    });

    it("knows a change for ever, and those that wait for their message or at the server [P-5.4]", () => {
      const mine = change({ mid: "a3", from: "Me", kind: "edit", target: "m1", body: "", state: "sending" });
      const removal = change({ mid: "a2", kind: "reactionRemoval" });
      history.commit([change(), removal, mine].map(addChange));
      assert.equal(history.isKnown(keyOfName("BOB"), "a1"), true);
      assert.equal(history.isKnown(keyOfName("carol"), "a1"), false);
      assert.deepEqual(history.pendingEvents("user:bob", "b1"), [change(), removal]);
      assert.deepEqual(history.pendingEvents("everyone", "b1"), []);
      assert.throws(() => history.commit([addChange(change())]));
      history.commit([
        { kind: "state", from: "Bob", mid: "a1", state: "received" },
        { kind: "state", from: "Me", mid: "a3", state: "queued" },
      ]);
      assert.deepEqual(
        history.pendingEvents("user:bob", "b1").map(({ mid }) => mid),
        ["a2"],
      );
      assert.deepEqual(history.ownEvent("a3"), { ...mine, state: "queued" });
      assert.deepEqual(history.queuedAtServer("user:bob"), [{ mid: "a3" }]);
      assert.equal(history.ownEvent("a1"), undefined);
    });

    it("knows an event of any kind once: the id of a message is none for a change, and the other way round [P-5.4]", () => {
      history.commit([contact("user:bob"), add(received(1)), addChange(change())]);
      assert.throws(() => history.commit([addChange(change({ mid: "b1" }))]));
      assert.throws(() => history.commit([add(received(2, { mid: "a1" }))]));
    });

    it("gives this person's own event of an id, a message with its position and its present text", () => {
      const reply = own(2, { quote: { mid: "b1", text: "" } });
      history.commit([contact("user:bob"), add(received(1)), add(reply), add(own(3))]);
      const event = { conversation: "user:bob", mid: "m2", from: "Me", kind: "reply", target: "b1" } as const;
      assert.deepEqual(history.ownEvent("m2"), { ...event, body: "text 2", sentAtMs: 2_000, state: "sending", seq: 2 });
      history.commit([{ kind: "text", message: own(3, { text: "better", edited: true }) }]);
      const { kind, body, target } = history.ownEvent("m3") ?? {};
      assert.deepEqual({ kind, body, target }, { kind: "text", body: "better", target: undefined });
      assert.equal(history.ownEvent("b1"), undefined);
    });

    it("shows no change as a message, and counts none", () => {
      const others = change({ state: "received" });
      const mine = change({ mid: "a2", from: "Me", kind: "deletion", target: "m1", body: "", state: "sending" });
      history.commit([contact("user:bob"), addChange(others), addChange(mine)]);
      assert.deepEqual(history.page("user:bob", undefined, 9), { messages: [], more: false });
      assert.equal(history.countReceivedAfter("user:bob", 0), 0);
      assert.equal(history.newestReceived("user:bob", 0, 9), undefined);
      assert.equal(history.hasOther("user:bob", 1), false);
      assert.deepEqual(history.ownUnreadThrough("user:bob", 9), []);
      assert.equal(history.messageOf("user:bob", keyOfName("bob"), "a1"), undefined);
      assert.equal(history.messageNamed("user:bob", "a1"), undefined);
      assert.equal(history.ownMessage("user:bob", "a2"), undefined);
      assert.deepEqual(history.repliesTo("user:bob", "b1"), []);
      assert.deepEqual(
        history.load().contacts.map(({ lastSeq, unread, last }) => [lastSeq, unread, last]),
        [[0, 0, undefined]],
      );
    });

    it("makes nobody a contact by a change alone", () => {
      history.commit([addChange(change())]);
      assert.deepEqual(history.load().contacts, []);
      assert.equal(history.pendingEvents("user:bob", "b1").length, 1);
      history.commit([contact("user:bob", { name: "Bob" })]);
      assert.deepEqual(
        history.load().contacts.map(({ name }) => name),
        ["Bob"],
      );
    });

    it("knows which of one's own reactions was not refused last", () => {
      const mine = (mid: string, kind: ConversationEvent["kind"], state: ConversationEvent["state"]) => {
        return change({ mid, kind, state, from: "Me" });
      };
      const changes = [
        mine("r1", "reaction", "delivered"),
        mine("r2", "reactionRemoval", "failed"),
        mine("r3", "reaction", "sending"),
      ];
      history.commit([contact("user:bob"), ...changes.map(addChange)]);
      assert.equal(history.ownReactionBeside(mine("r3", "reaction", "sending")), "reaction");
      assert.equal(history.ownReactionBeside(mine("r4", "reactionRemoval", "sending")), "reaction");
      history.commit([{ kind: "state", from: "Me", mid: "r1", state: "failed" }]);
      assert.equal(history.ownReactionBeside(mine("r3", "reaction", "sending")), undefined);
    });

    it("is found again as it was left: contacts, marks, mutes, unread and the outbox in its order", () => {
      const out = (seq: number, present: boolean): Write => {
        return { kind: "outbox", conversation: "user:bob", mid: `m${seq}`, present };
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
        readMarkSentSeq: 0,
        lastSeq: 4,
        unread: 1,
        last: own(4),
      };
      const entries: object[] = [4, 3].map((seq) => ({ conversation: "user:bob", seq, mid: `m${seq}` }));
      assert.deepEqual(history.load(), { contacts: [{ ...bob, lastArrival: 4 }], outbox: entries });
      history.commit([
        addChange(change({ from: "Me", kind: "deletion", target: "m3", body: "", state: "sending" })),
        { kind: "outbox", conversation: "user:bob", mid: "a1", present: true },
      ]);
      entries.push({ conversation: "user:bob", mid: "a1" });
      assert.deepEqual(history.load().outbox, entries);
      history.commit([out(4, false)]);
      assert.deepEqual(history.load().outbox, entries.slice(1));
    });
  });
}
