import assert from "node:assert/strict";
import { beginningOf, mayBeLong, Opened } from "../../../../extension/webview/fold.ts";

describe("A long message", () => {
  it("begins with as much as its fold can show, at the end of a line or a word", () => {
    assert.equal(beginningOf("short"), undefined);
    assert.equal(beginningOf("a\n".repeat(60).trim()), undefined);
    assert.equal(beginningOf("a\n".repeat(1_000)), "a\n".repeat(59) + "a");
    assert.equal(beginningOf("\n".repeat(30_000))?.length, 59);
    assert.equal(beginningOf("word ".repeat(1_000)), "word ".repeat(800).trim());
    assert.equal(beginningOf("x".repeat(10_000))?.length, 4_000);
    assert.equal(beginningOf(`x${"😀".repeat(5_000)}`)?.at(-1), "\uDE00");
  });

  it("is measured where it could be higher than the fold in a narrow panel", () => {
    assert.equal(mayBeLong("x".repeat(400)), false);
    assert.equal(mayBeLong("x".repeat(401)), true);
    assert.equal(mayBeLong("a\n".repeat(7)), false);
    assert.equal(mayBeLong("a\n".repeat(8)), true);
  });

  it("is open for as long as the person leaves it open, and so is the wrapping of its code", () => {
    const opened = new Opened();
    opened.set(1, true);
    opened.wraps(1).set(2, true);
    assert.deepEqual(
      [opened.has(1), opened.has(2), opened.wraps(1).has(2), opened.wraps(2).has(2)],
      [true, false, true, false],
    );
    opened.set(1, false);
    opened.wraps(1).set(2, false);
    assert.deepEqual([opened.has(1), opened.wraps(1).has(2)], [false, false]);
  });
});
