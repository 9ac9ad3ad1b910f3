// Real threads on a real file: what views read beside the daemon's own thread, and the upkeep of the file.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../../../base/sqlite.ts";
import type { Write } from "../../../../daemon/core/effects.ts";
import { History } from "../../../../daemon/history/history.ts";
import { HistoryReader } from "../../../../daemon/history/reader.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { HistoryThread } from "../../../../daemon/history/thread/history-thread.ts";
import { isDamage } from "../../../../daemon/history/open/storage-errors.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { contact, received } from "../stored.ts";
import { add, addChange, change } from "./writes.ts";

const script = fileURLToPath(new URL("../../../../daemon/main.ts", import.meta.url));
const bob: ConversationId = "user:bob";

describe("a history that other threads work on", () => {
  let folder: string;
  let path: string;
  let history: History;
  let thread: HistoryThread;
  let reader: HistoryReader;
  let clock: FakeClock;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    path = join(folder, "history.db");
    clock = new FakeClock();
    history = open();
    thread = new HistoryThread({ script, path, clock });
    reader = new HistoryReader(history, thread);
    history.commit([contact(bob)]);
  });
  afterEach(async () => {
    await thread.dispose();
    history.dispose();
    rmSync(folder, { recursive: true });
  });

  function open(): History {
    return new History(openDatabase(path, historyMigrations, { checked: false, forgets: true }), keyOfName("Me"));
  }

  function store(from: number, through: number, text: (seq: number) => string = (seq) => `text ${seq}`): void {
    const writes: Write[] = [];
    for (let seq = from; seq <= through; seq += 1) {
      writes.push(add(received(seq, { text: text(seq) })));
    }
    history.commit(writes);
  }

  const edit = (seq: number, text: string): void => {
    history.commit([{ kind: "text", message: received(seq, { text, edited: true }) }]);
  };
  const holds = (word: string): boolean => {
    return readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(word));
  };

  it("is said to be damaged by another thread as by this one", async () => {
    const damaged = join(folder, "damaged.db");
    writeFileSync(damaged, "no database, and longer than a header would be".repeat(100));
    const other = new HistoryThread({ script, path: damaged, clock });
    await assert.rejects(other.run("prepare", { owner: keyOfName("Me") }), isDamage);
    await other.dispose();
  });

  it("is read by pages, forward, backward and around", async () => {
    store(1, 300);
    const seqs = (page: Awaited<ReturnType<HistoryReader["page"]>>): (number | boolean | undefined)[] => {
      assert.ok(page.ok);
      return [page.messages[0]?.seq, page.messages.at(-1)?.seq, page.more];
    };
    assert.deepEqual(seqs(await reader.page(bob, undefined, 100)), [201, 300, true]);
    assert.deepEqual(seqs(await reader.page(bob, 101, 100)), [1, 100, false]);
    assert.deepEqual(seqs(await reader.page(bob, undefined, 200)), [101, 300, true]);
    assert.deepEqual(seqs(await reader.pageAfter(bob, 250, 10)), [251, 260, true]);
    const around = await reader.around(bob, 150, 20);
    assert.ok(around.ok);
    assert.deepEqual([around.messages[0]?.seq, around.messages.at(-1)?.seq], [130, 170]);
    assert.deepEqual([around.moreBefore, around.moreAfter], [true, true]);
  });

  it("gives pages and hits that are bounded in bytes, and goes on where they end", async () => {
    store(1, 40, (seq) => `needle ${seq} ${"x".repeat(58_000)}`);
    const seen: number[] = [];
    for (let before: number | undefined = 41; before !== undefined;) {
      const page: Awaited<ReturnType<HistoryReader["page"]>> = await reader.page(bob, before, 500);
      assert.ok(page.ok && page.messages.length > 0);
      assert.ok(JSON.stringify(page.messages).length < 1_200_000);
      seen.unshift(...page.messages.map(({ seq }) => seq));
      before = page.more ? page.messages[0]?.seq : undefined;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 40 }, (_, at) => at + 1),
    );
    const hits: number[] = [];
    for (let before: number | undefined; ;) {
      const found: Awaited<ReturnType<HistoryReader["search"]>> = await reader.search(1, {
        ...{ text: "needle", before, limit: 200 },
      });
      assert.ok(found.ok && JSON.stringify(found.hits).length < 1_300_000);
      hits.push(...found.hits.map(({ message }) => message.seq));
      if (found.next === undefined) break;
      before = found.next;
    }
    assert.deepEqual(hits, [...seen].reverse());
  });

  it("shows what has changed since the reading began as it is now", async () => {
    store(1, 200);
    const [page, found] = [reader.page(bob, 150, 100), reader.search(1, { text: "text", limit: 200 })];
    edit(120, "another text");
    history.commit([{ kind: "text", message: received(121, { text: "", deleted: true }) }]);
    history.commit([{ kind: "reaction", conversation: bob, seq: 122, emoji: "👍", from: "Bob", on: true }]);
    const read = await page;
    const hits = await found;
    assert.ok(read.ok && hits.ok);
    for (const messages of [read.messages, hits.hits.map(({ message }) => message)]) {
      const at = (wanted: number) => messages.find(({ seq }) => seq === wanted);
      assert.equal(at(120)?.text, "another text");
      assert.notEqual(at(121)?.text, "text 121");
      assert.deepEqual(at(122)?.reactions, [{ emoji: "👍", from: ["Bob"] }]);
    }
  });

  it("shows nothing of a conversation that was deleted meanwhile", async () => {
    store(1, 200);
    const page = reader.page(bob, 150, 100);
    history.commit([{ kind: "purge", conversation: bob, throughSeq: 200 }]);
    const read = await page;
    assert.deepEqual(read.ok && read.messages, []);
    const found = await reader.search(1, { text: "text", limit: 9 });
    assert.deepEqual(found.ok && found.hits, []);
  });

  it("answers the last search of a view in one place, and gives up those before it", async () => {
    store(1, 2_000);
    await reader.page(bob, 100, 1);
    const texts = ["t", "te", "tex", "text"];
    const answers = texts.map((text) => reader.search(1, { text, conversation: bob, limit: 5 }));
    const elsewhere = reader.search(2, { text: "t", conversation: bob, limit: 5 });
    const everywhere = reader.search(1, { text: "t", limit: 5 });
    const given = await Promise.all(answers);
    assert.deepEqual(
      given.slice(1, 3).map((each) => each.ok && [each.superseded, each.hits.length]),
      [
        [true, 0],
        [true, 0],
      ],
    );
    for (const each of [given[3], await elsewhere, await everywhere]) {
      assert.deepEqual(each?.ok && [each.superseded, each.hits.length], [undefined, 5]);
    }
  });

  it("takes a file of before the index in by steps, while messages come and are found", async () => {
    const old = join(folder, "old");
    history.dispose();
    await thread.dispose();
    const database = openDatabase(old, historyMigrations.slice(0, 3), { forgets: true });
    database.exec("INSERT INTO conversation VALUES ('user:bob', 'bob', 0, 0, 0, 0)");
    const add = database.prepare(
      `INSERT INTO message (conversation, seq, sender, mid, author, own, text, sent_at_ms, state)
        VALUES ('user:bob', ?, 'bob', ?, 'bob', 0, ?, 1, 'received')`,
    );
    for (let seq = 1; seq <= 2_000; seq += 1) add.run(seq, `m${seq}`, `old text ${seq}`);
    database.close();
    path = old;
    history = open();
    thread = new HistoryThread({ script, path, clock });
    reader = new HistoryReader(history, thread);
    const all = async (): Promise<number> => {
      const seen = new Set<number>();
      for (let before: number | undefined; ;) {
        const found: Awaited<ReturnType<HistoryReader["search"]>> = await reader.search(1, {
          ...{ text: "text", before, limit: 200 },
        });
        assert.ok(found.ok);
        for (const { message } of found.hits) seen.add(message.seq);
        if (found.next === undefined) return seen.size;
        before = found.next;
      }
    };
    assert.equal(history.load().contacts[0]?.unread, 2_000);
    assert.equal(history.work.index, true);
    const keeping = new HistoryThread({ script, path, clock });
    const done = keeping.run("index", {});
    store(2_001, 2_010, (seq) => `new text ${seq}`);
    assert.equal(await all(), 2_010);
    await done;
    assert.equal(history.work.index, false);
    assert.equal(await all(), 2_010);
    await keeping.dispose();
  });

  it("has nothing of a deleted conversation in any file, and what came later stays", async () => {
    const words = ["xylophoneone", "xylophonemany"];
    for (const [round, count] of [3, 400].entries()) {
      const word = words[round] ?? "";
      const first = round * 1_000 + 1;
      store(first, first + count - 1, (seq) => `a ${word} ${seq}`);
      history.commit([
        addChange(change({ state: "received", mid: `change-${word}`, target: `b${first}` })),
        { kind: "reaction", conversation: bob, seq: first, emoji: "👍", from: "Bob", on: true },
      ]);
      history.drafts.set(bob, `dear ${word}`);
      history.drafts.flush();
      assert.equal(holds(word.slice(1)), true);
      await reader.page(bob, 2, 1);
      history.commit([{ kind: "purge", conversation: bob, throughSeq: first + count - 1 }]);
      assert.deepEqual(history.page(bob, undefined, 9).messages, []);
      store(first + count, first + count, () => "something new");
      assert.deepEqual(await thread.run("purge", {}), [bob]);
      history.purged();
      assert.equal(holds(word.slice(1)), false, word);
      assert.equal(holds("ylo"), false, "parts in the index");
      assert.deepEqual(
        history.page(bob, undefined, 9).messages.map(({ text }) => text),
        ["something new"],
      );
      assert.equal(history.drafts.get(bob).text, "");
      assert.equal(history.isKnown(keyOfName("Bob"), `b${first}`), true, "it does not come back [P-5.4]");
      assert.equal(history.isKnown(keyOfName("Bob"), `change-${word}`), true);
      assert.equal(history.work.purges, false);
      history.commit([{ kind: "purge", conversation: bob, throughSeq: first + count }]);
      await thread.run("purge", {});
      history.purged();
      assert.deepEqual(history.load().contacts, []);
      history.commit([contact(bob)]);
    }
  });

  it("goes on with a deletion that was interrupted", async () => {
    store(1, 500, (seq) => `xylophone ${seq}`);
    history.commit([{ kind: "purge", conversation: bob, throughSeq: 500 }]);
    history.dispose();
    history = open();
    assert.deepEqual(history.load().contacts[0]?.lastSeq, 500);
    assert.deepEqual(history.page(bob, undefined, 9).messages, []);
    assert.equal(history.work.purges, true);
    await thread.run("purge", {});
    history.purged();
    assert.equal(holds("ylophone"), false);
    assert.equal(history.countReceivedAfter(bob, 0), 0);
  });

  it("keeps what is not too old, what waits to be sent, and who they were that went", async () => {
    store(1, 300, (seq) => `xylophone ${seq}`);
    const own = received(301, { mid: "m1", from: "Me", own: true, state: "sending", sentAtMs: 5_000, text: "waits" });
    history.commit([add(own), { kind: "outbox", conversation: bob, mid: "m1", present: true }]);
    store(302, 305);
    assert.deepEqual(await thread.run("trim", { beforeMs: 1_000 * 298 }), [bob]);
    assert.deepEqual(
      history.page(bob, undefined, 99).messages.map(({ seq }) => seq),
      [298, 299, 300, 301, 302, 303, 304, 305],
    );
    assert.equal(history.countReceivedAfter(bob, 0), 7);
    assert.equal(history.isKnown(keyOfName("bob"), "b1"), true);
    await thread.run("trim", { beforeMs: 9_999_999 });
    assert.deepEqual(
      history.page(bob, undefined, 99).messages.map(({ text }) => text),
      ["waits", "text 302", "text 303", "text 304", "text 305"],
    );
    assert.equal(holds("ylophone"), false);
    assert.deepEqual(await thread.run("trim", { beforeMs: 1 }), []);
  });

  it("is found sound, and what is wrong with it is said", async () => {
    store(1, 50);
    assert.equal(await thread.run("check", { nowMs: 77 }), undefined);
    assert.equal(history.take().checkedAtMs, 77);
    history.dispose();
    await thread.dispose();
    const database = openDatabase(path, historyMigrations);
    const { page } =
      database.prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'message_mid'").get() ?? {};
    database.close();
    // The index says another order than the one it is in.
    const bytes = readFileSync(path);
    bytes.fill(0x7f, Number(page) * 4_096 - 200, Number(page) * 4_096);
    writeFileSync(path, bytes);
    history = open();
    thread = new HistoryThread({ script, path, clock });
    assert.equal(typeof (await thread.run("check", { nowMs: 78 })), "string");
  });

  it("is not worked on any more when the thread has had nothing to do for a while, and again when there is", async () => {
    store(1, 200);
    await reader.page(bob, 150, 10);
    clock.advance(30_000);
    const page = await reader.page(bob, 150, 10);
    assert.equal(page.ok && page.messages.length, 10);
    await thread.dispose();
    const refused = await reader.page(bob, 150, 10);
    assert.equal(refused.ok ? "ok" : refused.code, "unavailable");
  });
});
