// A history that goes out as lines and comes in again, and two that become one.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { openDatabase } from "../../../../base/sqlite.ts";
import type { ConversationEvent } from "../../../../protocol/conversations/event.ts";
import type { Write } from "../../../../daemon/core/effects.ts";
import { History } from "../../../../daemon/history/history.ts";
import { createStage, ImportStage } from "../../../../daemon/history/import/import-stage.ts";
import { mergeHistory } from "../../../../daemon/history/merge/merge.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { ReadJobs } from "../../../../daemon/history/thread/read-jobs.ts";
import { archiveFormat, archiveVersion } from "../../../../protocol/api/archive-lines.ts";
import type { ChatMessage } from "../../../../protocol/api/model.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import type { Pin } from "../../../../protocol/pin.ts";
import { contact, received } from "../stored.ts";
import { add, addChange, change, stateOf } from "./writes.ts";

const me = keyOfName("Me");
const bob: ConversationId = "user:bob";

describe("a history", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "history-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (name: string): string => join(folder, `${name}.db`);

  function open(name: string): History {
    return new History(openDatabase(at(name), historyMigrations, { forgets: true }), me);
  }

  function fill(name: string, writes: readonly Write[]): void {
    const history = open(name);
    for (const write of writes) history.commit([write]);
    history.dispose();
  }

  function linesOf(name: string, conversation?: ConversationId): string[] {
    const database = openDatabase(at(name), historyMigrations);
    const reading = new ReadJobs(database);
    const header = {
      ...({ format: archiveFormat, version: archiveVersion } as const),
      ...{ account: { user: "Me", server: "s:1" }, exportedAt: new Date(0).toISOString() },
    };
    const lines: string[] = [];
    for (let after: string | undefined; ;) {
      const part = reading.export({ header, conversation, after });
      lines.push(...part.lines);
      if (part.next === undefined) break;
      after = part.next;
    }
    database.close();
    return lines;
  }

  /** @returns why a line is wrong */
  function bringIn(lines: readonly string[], name: string, user = "Me", inFile = "Me"): string | undefined {
    const path = at(`stage-${name}`);
    rmSync(path, { force: true });
    const stage = new ImportStage(createStage(path), { user, inFile });
    for (let from = 1; from < lines.length; from += 3) {
      const wrong = stage.add(lines.slice(from, from + 3), from + 1);
      if (wrong !== undefined) return wrong;
    }
    const unfinished = stage.finish();
    if (unfinished !== undefined) return unfinished;
    mergeHistory(at(name), path, keyOfName(user));
    return undefined;
  }

  /** Everything a person sees of it. */
  function shown(name: string) {
    const history = open(name);
    const { contacts } = history.load();
    const conversations = contacts.map(({ conversation, name: spelled, blocked, muted, readSeq, unread }) => ({
      ...{ conversation, spelled, blocked, muted, readSeq, unread },
      messages: history.page(conversation, undefined, 999).messages,
    }));
    history.dispose();
    return conversations.sort((one, other) => (one.conversation < other.conversation ? -1 : 1));
  }

  const own = (seq: number, added: Partial<ChatMessage> = {}): ChatMessage => {
    return received(seq, { mid: `m${seq}`, from: "Me", own: true, state: "delivered", ...added });
  };
  const changed = (added: Partial<ConversationEvent>): Write => {
    return addChange(change({ sentAtMs: 5_000, state: "received", ...added }));
  };
  const reaction = (seq: number, from: string, on = true, emoji = "👍"): Write => {
    return { kind: "reaction", conversation: bob, seq, emoji, from, on };
  };

  const everything: readonly Write[] = [
    contact(bob, { name: "Bob", muted: true, readSeq: 4, readMarkSentSeq: 4 }),
    contact("everyone"),
    add(received(1, { text: 'one\n"two" \u2028 今天 🎉' })),
    add(own(2, { quote: { mid: "b1", text: "" } })),
    add(received(1, { conversation: "everyone", mid: "e1", from: "Carol" })),
    add(received(3)),
    changed({ mid: "a1", target: "b3", sentAtMs: 9_000 }),
    reaction(3, "Bob"),
    changed({ mid: "a2", from: "Me", target: "b1", body: "🎉", state: "delivered" }),
    reaction(1, "Me", true, "🎉"),
    changed({ mid: "a3", from: "Me", kind: "edit", target: "m2", body: "", state: "queued" }),
    { kind: "text", message: own(2, { text: "better", edited: true }) },
    add(own(4, { state: "failed", failure: { code: "blocked", reason: "No." } })),
    changed({ mid: "a4", kind: "deletion", target: "b3", body: "", sentAtMs: 9_500 }),
    { kind: "text", message: received(3, { text: "", deleted: true }) },
    changed({ mid: "a5", from: "Me", kind: "reaction", target: "b1", body: "❤️", state: "failed" }),
    add(received(5, { text: "unread" })),
    changed({ mid: "a6", kind: "reaction", target: "later", state: "pending" }),
  ];

  it("goes out as lines, and is the same when it comes in where nothing was", () => {
    fill("old", everything);
    const lines = linesOf("old");
    assert.equal(bringIn(lines, "new"), undefined);
    assert.deepEqual(shown("new"), shown("old"));
    const history = open("new");
    for (const mid of ["a1", "a2", "a4", "a6"]) {
      assert.equal(history.isKnown(mid === "a2" ? me : keyOfName("bob"), mid), true, mid);
    }
    assert.equal(history.pendingEvents(bob, "later").length, 1);
    assert.equal(history.work.index, true);
    assert.deepEqual(history.search({ text: "better", limit: 9 }).hits.length, 1);
    history.dispose();
    assert.deepEqual(linesOf("new").sort(), [...lines].sort());
  });

  it("comes in again without any of it being twice", () => {
    fill("old", everything);
    const lines = linesOf("old");
    for (const name of ["new", "new", "old"]) assert.equal(bringIn(lines, name), undefined);
    assert.deepEqual(shown("new"), shown("old"));
  });

  it("goes out as one conversation, if that is what is wanted", () => {
    fill("old", everything);
    bringIn(linesOf("old", "everyone"), "new");
    assert.deepEqual(
      shown("new").map(({ conversation }) => conversation),
      ["everyone"],
    );
    assert.deepEqual(
      shown("new"),
      shown("old").filter(({ conversation }) => conversation === "everyone"),
    );
  });

  it("is not sent by coming in: what was not sent yet waits for the person", () => {
    fill("old", [contact(bob), add(own(1, { state: "sending" }))]);
    bringIn(linesOf("old"), "new");
    const history = open("new");
    assert.deepEqual(history.load().outbox, []);
    assert.equal(history.message(bob, 1)?.state, "failed");
    assert.match(history.message(bob, 1)?.failure?.reason ?? "", /Retry/);
    history.dispose();
  });

  it("becomes another person's own if it is adopted, unless they are somebody else in it", () => {
    fill("old", everything);
    const lines = linesOf("old");
    assert.equal(bringIn(lines, "new", "Alice"), undefined);
    const history = new History(openDatabase(at("new"), historyMigrations), keyOfName("Alice"));
    assert.deepEqual(
      history.page(bob, undefined, 9).messages.map(({ from, own: isOwn }) => [from, isOwn]),
      [
        ["Bob", false],
        ["Alice", true],
        ["Bob", false],
        ["Alice", true],
        ["Bob", false],
      ],
    );
    history.dispose();
    assert.match(bringIn(lines, "other", "Bob") ?? "", /Line \d+: Bob is somebody else in this file, and you here/);
  });

  it("is refused with the number of the line if it is not what it says, and nothing has changed", () => {
    fill("old", everything);
    const before = shown("old");
    const message = {
      event: "message",
      conversation: bob,
      from: "Bob",
      mid: "x",
      at: "2026-01-01T00:00:00Z",
      text: "x",
    };
    const hostile: readonly (readonly [unknown, RegExp])[] = [
      ["x", /no JSON object/],
      [[], /no JSON object/],
      [{}, /event is missing/],
      [{ ...message, mid: 7 }, /mid must be a string/],
      [{ ...message, mid: "" }, /mid must not be empty/],
      [{ ...message, text: { toString: "x" } }, /text must be a string/],
      [{ ...message, text: "x".repeat(70_000) }, /at most 65536/],
      [{ ...message, at: 5 }, /at must be a time/],
      [{ ...message, at: "1969-12-31T23:59:59Z" }, /no time since 1970/],
      [{ ...message, at: "+300000-01-01T00:00:00Z" }, /no time since 1970/],
      [{ ...message, conversation: "../../x" }, /conversation must be/],
      [{ ...message, conversation: "user:Bob" }, /conversation must be/],
      [{ ...message, conversation: "user:__proto__", from: "__proto__" }, /conversation must be|no user name/],
      [{ ...message, from: "Carol" }, /Carol has no part in the conversation user:bob/],
      [{ ...message, from: "a\u0000b" }, /no user name/],
      [{ ...message, deleted: true }, /deleted message has no text/],
      [{ ...message, state: "secret" }, /state must be one of/],
      [{ ...message, event: "reaction", of: "y", emoji: "rm -rf", on: true }, /emoji is none/],
      [{ ...message, event: "edit" }, /of is missing/],
    ];
    const [header = ""] = linesOf("old");
    for (const [value, why] of hostile) {
      const lines = [header, JSON.stringify(message), typeof value === "string" ? value : JSON.stringify(value)];
      const wrong = bringIn(lines, "old");
      assert.match(wrong ?? "", why);
      assert.match(wrong ?? "", /^Line 3/);
      assert.deepEqual(shown("old"), before);
    }
    const end = JSON.stringify({ event: "end", messages: 1, changes: 0 });
    const polluting = `{"event":"message","__proto__":{"own":true},"conversation":"user:bob","from":"Bob","mid":"p","at":"2026-01-01T00:00:00Z","text":"p"}`;
    assert.equal(bringIn([header, polluting, `{"event":"of tomorrow"}`, end, ""], "old"), undefined);
    assert.equal(({} as { own?: boolean }).own, undefined);
    assert.equal(
      shown("old")
        .find(({ conversation }) => conversation === bob)
        ?.messages.at(-1)?.own,
      false,
    );
    assert.equal(existsSync(join(folder, "..", "x")), false);
  });

  it("is refused if any of it is missing, wherever it was cut", () => {
    fill("old", everything);
    const before = shown("old");
    const lines = linesOf("old");
    assert.deepEqual(JSON.parse(lines.at(-1) ?? ""), { event: "end", messages: 6, changes: 6 });
    for (let kept = 1; kept < lines.length; kept += 1)
      assert.match(bringIn(lines.slice(0, kept), "old") ?? "", /cut off/);
    for (const [at, line] of lines.entries()) {
      if (!/"event":"(conversation|end)"/.test(line) && at > 0)
        assert.match(bringIn(lines.toSpliced(at, 1), "old") ?? "", /^Line \d+: .*lines are missing/);
    }
    assert.match(bringIn([...lines, lines[1] ?? ""], "old") ?? "", /behind the end/);
    assert.equal(bringIn([...lines, "", `{"event":"of tomorrow"}`], "new"), undefined);
    assert.deepEqual(shown("old"), before);
  });

  it("has nothing in its lines of what was deleted, also before that is out of the file", () => {
    fill("old", [...everything, { kind: "purge", conversation: bob, throughSeq: 5 }]);
    const [, ...lines] = linesOf("old");
    const said = (word: string): boolean => lines.some((line) => line.includes(word));
    assert.deepEqual([said("user:bob"), said("everyone")], [false, true]);
    assert.deepEqual(JSON.parse(lines.at(-1) ?? ""), { event: "end", messages: 1, changes: 0 });
    fill("old", [add(received(6)), changed({ mid: "a9", target: "b6" })]);
    const later = linesOf("old", bob).map((line) => JSON.parse(line) as { event?: string; mid?: string });
    assert.deepEqual(
      later.map(({ event, mid }) => mid ?? event),
      [undefined, "conversation", "b6", "a9", "end"],
    );
  });

  it("becomes one with another: each in its order, what both have once, and by time between", () => {
    const message = (name: string, seq: number, sentAtMs: number): Write =>
      add(received(seq, { mid: name, text: name, sentAtMs }));
    fill("one", [contact(bob), message("b", 1, 20), message("c", 2, 30), message("f", 3, 60)]);
    fill("two", [
      contact(bob),
      message("a", 1, 10),
      message("c", 2, 30),
      message("d", 3, 40),
      message("e", 4, 50),
      message("g", 5, 70),
    ]);
    assert.deepEqual(mergeHistory(at("one"), at("two"), me), { messages: 4, acts: 0 });
    const texts = () => shown("one")[0]?.messages.map(({ text, seq }) => `${seq}${text}`);
    assert.deepEqual(texts(), ["1a", "2b", "3c", "4d", "5e", "6f", "7g"]);
    assert.deepEqual(mergeHistory(at("one"), at("two"), me), { messages: 0, acts: 0 });
    assert.deepEqual(texts(), ["1a", "2b", "3c", "4d", "5e", "6f", "7g"]);
  });

  it("cannot take in what is not there", () => {
    fill("one", [contact(bob), add(received(1))]);
    assert.throws(() => mergeHistory(at("one"), at("nothing"), me), /not there any more/);
    assert.equal(existsSync(at("nothing")), false);
  });

  it("keeps the later of two states of a message, and what was taken back gone", () => {
    const edit = (mid: string, text: string, sentAtMs: number): Write[] => [
      changed({ mid, kind: "edit", target: "b1", body: "", sentAtMs }),
      { kind: "text", message: received(1, { text, edited: true }) },
    ];
    const base = [contact(bob), add(received(1)), add(received(2)), add(own(3, { state: "queued" })), add(received(4))];
    fill("one", [
      ...base,
      ...edit("e1", "first edit", 6_000),
      { kind: "text", message: received(2, { text: "", deleted: true }) },
    ]);
    fill("two", [
      ...base,
      ...edit("e2", "second edit", 7_000),
      stateOf(own(3, { state: "read" })),
      changed({ mid: "d4", kind: "deletion", target: "b4", body: "" }),
      { kind: "text", message: received(4, { text: "", deleted: true }) },
    ]);
    for (const [into, from] of [
      ["one", "two"],
      ["two", "one"],
    ] as const) {
      mergeHistory(at(into), at(from), me);
      const [first, second, third, fourth] = shown(into)[0]?.messages ?? [];
      assert.deepEqual([first?.text, third?.state, fourth?.deleted], ["second edit", "read", true], into);
      assert.deepEqual([second?.text, second?.deleted], ["", true]);
      const history = open(into);
      assert.deepEqual(history.search({ text: "first", limit: 9 }).hits, []);
      assert.equal(history.search({ text: "second edit", limit: 9 }).hits.length, 1);
      history.dispose();
    }
  });

  it("takes over what waits to be sent, reactions by the later change, changes whose message is there now, and drafts", () => {
    fill("one", [
      contact(bob, { readSeq: 2, readMarkSentSeq: 2 }),
      add(received(1)),
      add(received(2)),
      changed({ mid: "r1", sentAtMs: 100 }),
      reaction(1, "Bob"),
      changed({ mid: "p1", target: "b9", state: "pending" }),
    ]);
    const one = open("one");
    one.drafts.set(bob, "dear");
    one.dispose();
    fill("two", [
      contact(bob, { readSeq: 1 }),
      add(received(1)),
      changed({ mid: "r1", sentAtMs: 100 }),
      changed({ mid: "r2", kind: "reactionRemoval", sentAtMs: 200 }),
      add(received(2, { mid: "b9", sentAtMs: 9_000 })),
      add(own(3, { state: "sending", mid: "w1", sentAtMs: 9_100 })),
      { kind: "outbox", conversation: bob, mid: "w1", present: true },
      changed({ mid: "w2", from: "Me", kind: "deletion", target: "w1", body: "", state: "sending" }),
      { kind: "outbox", conversation: bob, mid: "w2", present: true },
      contact("user:carl", { blocked: true }),
    ]);
    const two = open("two");
    two.drafts.set(bob, "bob");
    two.dispose();
    mergeHistory(at("one"), at("two"), me);
    const history = open("one");
    const { contacts, outbox } = history.load();
    assert.deepEqual(outbox, [
      { conversation: bob, seq: 4, mid: "w1" },
      { conversation: bob, mid: "w2" },
    ]);
    assert.equal(history.message(bob, 1)?.reactions, undefined);
    assert.deepEqual(history.message(bob, 3)?.reactions, [{ emoji: "👍", from: ["Bob"] }]);
    assert.equal(history.drafts.get(bob).text, "dear\nbob");
    assert.deepEqual(
      contacts.map(({ conversation, readSeq, unread, blocked }) => [conversation, readSeq, unread, blocked]),
      [
        [bob, 2, 1, false],
        ["user:carl", 0, 0, true],
      ],
    );
    history.dispose();
  });

  it("deletes nothing that came directly, or is in another conversation, for a deletion that waits [P-4.15]", () => {
    const via = "p".repeat(43) as Pin;
    fill("one", [
      contact(bob),
      contact("everyone"),
      changed({ mid: "d1", kind: "deletion", target: "b1", body: "", state: "pending" }),
      changed({ mid: "d2", kind: "deletion", target: "b2", body: "", state: "pending", conversation: "everyone" }),
    ]);
    fill("two", [contact(bob), add(received(1, { mid: "b1", via })), add(received(2, { mid: "b2" }))]);
    mergeHistory(at("one"), at("two"), me);
    const history = open("one");
    const kept = history.page(bob, undefined, 9).messages.map(({ mid, deleted }) => [mid, deleted]);
    assert.deepEqual(kept, [
      ["b1", undefined],
      ["b2", undefined],
    ]);
    history.dispose();
  });

  it("loses nothing and doubles nothing, whatever the two are", function () {
    // Two hundred files are made.
    this.timeout(60_000);
    const mids = ["a", "b", "c", "d", "e", "f"];
    const history = fc.uniqueArray(fc.constantFrom(...mids), { maxLength: 6 });
    const times = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 6, maxLength: 6 });
    let run = 0;
    const property = fc.property(
      history,
      history,
      times,
      fc.nat(6),
      fc.nat(6),
      (left, right, sent, readLeft, readRight) => {
        run += 1;
        const [one, two] = [`one${run}`, `two${run}`];
        const writes = (names: readonly string[], read: number): Write[] => [
          contact(bob, { readSeq: Math.min(read, names.length) }),
          ...names.map((mid, seq) =>
            add(received(seq + 1, { mid, text: mid, sentAtMs: sent[mids.indexOf(mid)] ?? 0 })),
          ),
          ...names.map((mid) => changed({ mid: `change-${mid}`, target: mid, state: "pending" })),
        ];
        fill(one, writes(left, readLeft));
        fill(two, writes(right, readRight));
        mergeHistory(at(one), at(two), me);
        const [conversation] = shown(one);
        const names = conversation?.messages.map(({ mid }) => mid) ?? [];
        assert.deepEqual([...names].sort(), [...new Set([...left, ...right])].sort());
        assert.deepEqual(
          names.filter((mid) => left.includes(mid)),
          left,
          "the order of the first stays",
        );
        assert.deepEqual(
          conversation?.messages.map(({ seq }) => seq),
          names.map((_, index) => index + 1),
        );
        const unread = names.filter((mid) => {
          const isRead = (list: string[], read: number) =>
            list.includes(mid) && list.indexOf(mid) < Math.min(read, list.length);
          return !isRead(left, readLeft) && !isRead(right, readRight);
        });
        const first = names.indexOf(unread[0] ?? "");
        assert.equal(conversation.readSeq, names.length === 0 ? 0 : first < 0 ? names.length : first);
        const database = openDatabase(at(one), historyMigrations);
        const changes = database
          .prepare("SELECT id, seq, mid, target, state FROM event WHERE seq < 0 ORDER BY id")
          .all();
        database.close();
        assert.deepEqual(changes.map(({ target }) => String(target)).sort(), [...names].sort());
        for (const { id, seq, mid, target, state } of changes) {
          assert.deepEqual([seq, mid, state], [-Number(id), `change-${String(target)}`, "received"]);
        }
        for (const name of [one, two]) rmSync(at(name));
      },
    );
    fc.assert(property, { numRuns: 60 });
  });
});
