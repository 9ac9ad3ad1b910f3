// The index against reading every text: whatever is stored, changed, taken back or not taken in yet, both find the same.

import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { openDatabase, transact } from "../../../../../base/sqlite.ts";
import { History } from "../../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../../daemon/history/schema.ts";
import { SearchIndex } from "../../../../../daemon/history/search/search-index.ts";
import { Statements } from "../../../../../daemon/history/statements.ts";
import { keyOfName } from "../../../../../protocol/names.ts";
import { holds, phrasesOf } from "../../../../../protocol/search/query.ts";
import type { ChatMessage } from "../../../../../protocol/api/model.ts";
import type { ConversationId } from "../../../../../protocol/conversations/conversation-id.ts";
import { contact, received } from "../../stored.ts";
import { add } from "../writes.ts";

const conversations: readonly ConversationId[] = ["user:bob", "everyone"];
const letters = [
  "a",
  "B",
  "c",
  "1",
  "é",
  "_",
  ".",
  " ",
  " ",
  "(",
  "今",
  "天",
  "ค",
  "รั",
  "🎉",
  "🇩🇪",
  "ß",
  "й",
  '"',
  "\u0000",
];
const words = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""));
const text = fc.array(words, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const act = fc.record({
  kind: fc.constantFrom("add", "add", "add", "edit", "delete", "takeIn", "forgetIndex"),
  conversation: fc.constantFrom(...conversations),
  text,
  which: fc.nat(30),
});

describe("the index of a search", () => {
  let database: DatabaseSync;
  let history: History;
  let index: SearchIndex;

  function begin(): void {
    database = openDatabase(":memory:", historyMigrations);
    history = new History(database, keyOfName("Me"));
    index = new SearchIndex(new Statements(database));
    history.commit(conversations.map((each) => contact(each)));
  }
  beforeEach(begin);
  afterEach(() => history.dispose());

  /** Page by page, newest first. */
  function found(query: string, conversation?: ConversationId): string[] {
    const mids: string[] = [];
    for (let before: number | undefined; ;) {
      const page = history.search({ text: query, conversation, before, limit: 3 });
      mids.push(...page.hits.map(({ message }) => message.mid));
      if (page.next === undefined) return mids;
      before = page.next;
    }
  }

  it("finds what is found without it, in every state that it can be in", () => {
    let mids = 0;
    const property = fc.property(
      fc.array(act, { maxLength: 25 }),
      fc.array(words, { maxLength: 6 }),
      (acts, queries) => {
        history.dispose();
        begin();
        const stored: ChatMessage[] = [];
        const change = (which: number, changed: (message: ChatMessage) => ChatMessage): void => {
          const message = stored[which];
          if (!message) return;
          stored[which] = changed(message);
          history.commit([{ kind: "text", message: stored[which] }]);
        };
        const seqs = new Map<ConversationId, number>();
        for (const { kind, conversation, which, text: said } of acts) {
          if (kind === "add") {
            const seq = (seqs.get(conversation) ?? 0) + 1;
            seqs.set(conversation, seq);
            const message = received(seq, { conversation, text: said, mid: `p${(mids += 1)}` });
            history.commit([add(message)]);
            stored.push(message);
          } else if (kind === "edit") change(which, (message) => ({ ...message, text: said, edited: true }));
          else if (kind === "delete") change(which, (message) => ({ ...message, text: "", deleted: true }));
          else if (kind === "takeIn") transact(database, () => index.takeIn(40));
          else transact(database, () => index.restart());
        }
        const parts = stored.map((message) => message.text.split(" ")[0] ?? "");
        for (const query of [...queries, ...parts]) {
          const phrases = phrasesOf(query);
          const expected = stored.filter((each) => phrases.length > 0 && holds(each.text, phrases));
          for (const conversation of [undefined, ...conversations]) {
            const wanted = expected.filter((each) => conversation === undefined || each.conversation === conversation);
            assert.deepEqual(found(query, conversation), wanted.map(({ mid }) => mid).reverse(), query);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 100 });
  });

  it("holds nothing when every text was taken back, and nothing twice when all were taken in again", () => {
    const texts = ["parseHTTP", "今天天气", "🎉 done", "é".repeat(2_000)];
    const messages = texts.map((each, at) => received(at + 1, { text: each }));
    history.commit(messages.map(add));
    transact(database, () => index.restart());
    while (transact(database, () => index.takeIn(10)));
    assert.equal(index.isIncomplete, false);
    assert.deepEqual(found("http"), ["b1"]);
    for (const message of messages)
      history.commit([{ kind: "text", message: { ...message, text: "", deleted: true } }]);
    database.exec("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, message_grams, instance)");
    // What is left says in which conversation the messages are.
    const left = database.prepare("SELECT DISTINCT term FROM temp.terms").all();
    assert.equal(left.length, 1);
  });

  it("has a message once whose number was free again before all were taken in", () => {
    const [one, two] = [1, 2].map((seq) => received(seq, { text: "needle" }));
    history.commit([one, two].flatMap((message) => (message ? [add(message)] : [])));
    transact(database, () => index.restart());
    database.exec("DELETE FROM event WHERE seq = 2");
    history.commit([add(received(3, { text: "needle" }))]);
    assert.deepEqual(found("needle"), ["b3", "b1"]);
    while (transact(database, () => index.takeIn(10)));
    assert.deepEqual(found("needle"), ["b3", "b1"]);
  });

  it("is asked for a few parts of a long query only, and finds it all the same", () => {
    const long = Array.from({ length: 200 }, (_, at) => `word${at * 7_919}`).join("_");
    history.commit([add(received(1, { text: `see ${long}.` }))]);
    assert.deepEqual(found(long.slice(0, 1_000)), ["b1"]);
    assert.deepEqual(found(`${long.slice(0, 1_000)}x`), []);
  });
});
