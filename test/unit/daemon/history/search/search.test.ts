import assert from "node:assert/strict";
import { openDatabase } from "../../../../../base/sqlite.ts";
import { History } from "../../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../../daemon/history/schema.ts";
import { keyOfName } from "../../../../../protocol/names.ts";
import { contact, received } from "../../stored.ts";
import { add } from "../writes.ts";

describe("searching the history", () => {
  let history: History;
  beforeEach(() => {
    history = new History(openDatabase(":memory:", historyMigrations), keyOfName("Me"));
    history.commit([contact("user:bob"), contact("everyone")]);
  });
  afterEach(() => history.dispose());

  let seq = 0;
  const store = (...texts: string[]): void => {
    for (const text of texts) history.commit([add(received((seq += 1), { text }))]);
  };
  const found = (query: string): string[] => {
    return history.search({ text: query, limit: 50 }).hits.map(({ message }) => message.text);
  };

  it("finds all the words in any order, also inside of longer ones, without regard to case and accents", () => {
    store("Deploy the naïve server", "deployment of a SERVER", "server without that other word");
    assert.deepEqual(found("server deploy"), ["deployment of a SERVER", "Deploy the naïve server"]);
    assert.deepEqual(found("NAIVE"), ["Deploy the naïve server"]);
    assert.deepEqual(found("naïve"), ["Deploy the naïve server"]);
    assert.deepEqual(found("ployment"), ["deployment of a SERVER"]);
    assert.deepEqual([found("th"), found("at")], [["server without that other word", "Deploy the naïve server"], []]);
  });

  it("finds Chinese, Japanese, Korean and Thai words inside of sentences", () => {
    store("今天天气很好，我们去公园吧。", "東京タワーへ行きました", "안녕하세요여러분", "สวัสดีครับ", "ﾊﾝｶｸ 半角");
    assert.deepEqual(found("天气"), ["今天天气很好，我们去公园吧。"]);
    assert.deepEqual(found("公园 天"), ["今天天气很好，我们去公园吧。"]);
    assert.deepEqual(found("气天"), []);
    assert.deepEqual(found("タワー"), ["東京タワーへ行きました"]);
    assert.deepEqual(found("行き"), ["東京タワーへ行きました"]);
    assert.deepEqual(found("여러분"), ["안녕하세요여러분"]);
    assert.deepEqual(found("ครับ"), ["สวัสดีครับ"]);
    assert.deepEqual(found("ハンカク"), ["ﾊﾝｶｸ 半角"]);
  });

  it("finds emoji, numbers and parts of code", () => {
    store("shipped 🎉🎉", "error 0x1F in foo.bar_baz(42)", "C++ or C#");
    assert.deepEqual(found("🎉"), ["shipped 🎉🎉"]);
    assert.deepEqual(found("foo.bar"), ["error 0x1F in foo.bar_baz(42)"]);
    assert.deepEqual(found("42"), ["error 0x1F in foo.bar_baz(42)"]);
    assert.deepEqual(found("c++"), ["C++ or C#"]);
  });

  it("takes whatever is typed for words: no query is an error, and no operator is one", () => {
    store('she said "stop" NOT now', "near or AND far", "words: {x}");
    assert.deepEqual(found('"stop'), ['she said "stop" NOT now']);
    assert.deepEqual(found("NOT now"), ['she said "stop" NOT now']);
    assert.deepEqual(found("AND OR"), ["near or AND far"]);
    assert.deepEqual(found("words:x"), ["words: {x}"]);
    const hostile = [
      '"',
      "*",
      "(",
      ")",
      "a OR",
      "NEAR(",
      "^a",
      "-",
      "words : a",
      "{words}",
      "'; DROP TABLE message",
      "\u0000",
    ];
    for (const query of [
      ...hostile,
      "a\u0000b",
      "\ud800",
      '"" AND ""',
      "a*b*",
      "𝒳",
      "%",
      "_",
      "\\",
      "x".repeat(1_024),
    ]) {
      assert.doesNotThrow(() => found(query), query);
    }
    assert.deepEqual([found('"'), found("-"), found(" ")], [[], [], []]);
    assert.doesNotThrow(() => found("a ".repeat(512)));
  });

  it("answers page by page, newest first, of one conversation or of all", () => {
    store("word 1", "word 2", "word 3");
    const message = received(1, { conversation: "everyone", mid: "e1", text: "word 4" });
    history.commit([add(message)]);
    const first = history.search({ text: "word", limit: 2 });
    assert.deepEqual(
      first.hits.map((hit) => hit.message.text),
      ["word 4", "word 3"],
    );
    const second = history.search({ text: "word", before: first.next, limit: 2 });
    assert.deepEqual(
      second.hits.map((hit) => hit.message.text),
      ["word 2", "word 1"],
    );
    assert.equal(second.next, undefined);
    assert.deepEqual(
      history.search({ text: "word", conversation: "everyone", limit: 2 }).hits.map((hit) => hit.message.text),
      ["word 4"],
    );
  });

  it("finds what a message says now, not what it said", () => {
    store("before");
    history.commit([{ kind: "text", message: received(seq, { text: "after", edited: true }) }]);
    assert.deepEqual([found("before"), found("after")], [[], ["after"]]);
    history.commit([{ kind: "text", message: received(seq, { text: "", deleted: true }) }]);
    assert.deepEqual([found("before"), found("after")], [[], []]);
  });
});
