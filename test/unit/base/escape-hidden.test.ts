import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeHidden } from "../../../base/escape-hidden.ts";

describe("hidden characters in JSON", () => {
  const escape = (text: string) => escapeHidden(JSON.stringify({ text }));

  it("are escaped: controls, separators, marks of direction, and tags", () => {
    const all = [
      0x7f, 0x85, 0x9b, 0x9d, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff,
    ];
    for (const code of all) {
      const escaped = `\\u${code.toString(16).padStart(4, "0")}`;
      assert.equal(escape(`a${String.fromCodePoint(code)}b`), `{"text":"a${escaped}b"}`);
    }
    assert.equal(escape("\u{e0041}"), '{"text":"\\udb40\\udc41"}');
  });

  it("are nothing that people write", () => {
    for (const text of ["plain", "Ünïcödé", "漢字", "👩", "a\tb\nc", "“quotes”", "a\u00a0b"]) {
      assert.equal(escape(text), JSON.stringify({ text }));
    }
  });

  it("come back as they were, and none is left, for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
        const json = JSON.stringify([value, text]);
        const escaped = escapeHidden(json);
        assert.deepEqual(JSON.parse(escaped), JSON.parse(json));
        assert.doesNotMatch(escaped, /[\u007f-\u009f\u2028\u2029\p{Cf}]/u);
      }),
      { seed: 11, numRuns: 1_000 },
    );
  });
});
