import assert from "node:assert/strict";
import { sentencesIn } from "../../support/sentences.ts";

describe("The sentences of a source", () => {
  for (const [what, source, ...sentences] of [
    ["a text", 'failure("denied", "Sign in first.")', "Sign in first."],
    ["a text with arguments", "const a = `The key of ${b} is ${c.d}.`;", "The key of {0} is {1}."],
    ["a text in several pieces", 'a("Nothing was " + `sent to ${b}.`)', "Nothing was sent to {0}."],
    [
      "each of two forms",
      'a(`It failed${b ? `: ${b.message}` : ""}. Try again${c ? "" : " later"}.`)',
      "It failed: {0}. Try again.",
      "It failed: {0}. Try again later.",
      "It failed. Try again.",
      "It failed. Try again later.",
    ],
    ["what ends in an argument", "a(`It did not get through: ${why}`)", "It did not get through: {0}"],
    [
      "a sentence within another one",
      'a(`It failed: ${b("The disk is full.")}.`)',
      "It failed: {0}.",
      "The disk is full.",
    ],
  ] as const) {
    it(`are ${what}`, () => assert.deepEqual(sentencesIn("a.ts", source), sentences));
  }

  it("are no words of a log, no queries, no names and no words of a schema", () => {
    const source = `this.#log.warn("The disk is full.");
      database.prepare("SELECT a FROM b WHERE c = ?");
      const a = ["Application Support", "from is missing", \`\${b}.\`, "no sentence."];`;
    assert.deepEqual(sentencesIn("a.ts", source), []);
  });
});
