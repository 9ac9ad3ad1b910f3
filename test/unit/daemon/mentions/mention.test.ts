import assert from "node:assert/strict";
import { mentionAt, mentionBefore } from "../../../../daemon/mentions/mention.ts";

describe("a name being written", () => {
  const typed = (marked: string): string | undefined =>
    mentionBefore(marked.replace("¦", ""), marked.indexOf("¦"))?.typed;

  it("begins behind an @ at the start of a word", () => {
    assert.deepEqual([typed("@¦"), typed("see @al¦"), typed("(@al¦ice)"), typed("//@¦")], ["", "al", "al", ""]);
    assert.equal(typed("Grüße an @jü¦"), "jü");
  });

  it("is none in an address, behind a space, on the next line or behind nothing", () => {
    for (const text of ["bob@exam¦", "a.@b¦", "@al ¦", "@al\n¦", "al¦", "@@a¦", "é@x¦"])
      assert.equal(typed(text), undefined);
  });

  it("is none when it is longer than any name", () => {
    assert.equal(typed(`@${"a".repeat(129)}¦`), undefined);
  });
});

describe("a name that was written", () => {
  const names = new Map(["al", "alice", "alice.b", "jürgen", "😀"].map((name) => [name, name]));
  const found = (marked: string): readonly [string, number, number] | undefined => {
    const mention = mentionAt(marked.replace("¦", ""), marked.indexOf("¦"), (key) => names.get(key));
    return mention && [mention.mentioned, mention.from, mention.to];
  };

  it("is found from its @ to its end, whatever its spelling", () => {
    assert.deepEqual(found("ask @Al¦ice now"), ["alice", 4, 10]);
    assert.deepEqual(found("ask ¦@alice now"), ["alice", 4, 10]);
    assert.deepEqual(found("ask @alice¦ now"), ["alice", 4, 10]);
    assert.deepEqual(found("@JU\u0308R¦GEN"), ["jürgen", 0, 8]);
    assert.deepEqual(found("@😀¦"), ["😀", 0, 3]);
  });

  it("is the longest that a contact has, without what follows it", () => {
    assert.deepEqual(found("(@alice¦)."), ["alice", 1, 7]);
    assert.deepEqual(found("@alice¦.b, @al"), ["alice.b", 0, 8]);
    assert.deepEqual(found("@ali¦"), undefined);
    assert.deepEqual(found("@alic¦ia"), undefined);
  });

  it("is none behind a letter, or where nobody has it", () => {
    assert.equal(found("bob@ali¦ce"), undefined);
    assert.equal(found("@no¦body"), undefined);
    assert.equal(found("no ¦ one @alice"), undefined);
  });
});
