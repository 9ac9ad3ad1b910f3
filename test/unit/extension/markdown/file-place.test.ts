import assert from "node:assert/strict";
import { filePlaceOf } from "../../../../extension/markdown/file-place.ts";

describe("A line of a file", () => {
  it("is the end of a path and a number", () => {
    assert.deepEqual(filePlaceOf("retry.js:1"), { path: "retry.js", line: 1 });
    assert.deepEqual(filePlaceOf("src/my file.test.ts:12:7"), { path: "src/my file.test.ts", line: 12 });
    assert.deepEqual(filePlaceOf("ünï/код.py:3-9"), { path: "ünï/код.py", line: 3 });
  });

  it("is none that begins at a root, goes up, means several files, or is something else", () => {
    const others = ["/etc/passwd.txt:1", "../a.ts:1", "a/../../b.ts:1", "C:\\a.ts:1", "file:///a.ts:1", "**/*.ts:1"];
    const words = [
      "127.0.0.1:8765",
      "example.com:443",
      "a.ts:0",
      "a.ts",
      "a:1",
      "{a,b}.ts:1",
      "a.ts:1\n",
      "a//b.ts:1",
      "x".repeat(400),
    ];
    for (const text of [...others, ...words]) assert.equal(filePlaceOf(text), undefined, text);
  });
});
