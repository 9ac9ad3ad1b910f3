import assert from "node:assert/strict";
import { encodedTextBytes, encodeFrame } from "../../../../protocol/wire/frame.ts";

describe("a line", () => {
  it("is an object with one newline, behind it [P-1.1]", () => {
    assert.equal(encodeFrame({ a: "two\nlines" }), '{"a":"two\\nlines"}\n');
  });

  it("costs what its JSON costs in UTF-8 [P-4.2]", () => {
    assert.deepEqual(
      ["", "a", '"', "é", "\n", "\u0001", "👩", "\ud800"].map(encodedTextBytes),
      [2, 3, 4, 4, 4, 8, 6, 8],
    );
  });
});
