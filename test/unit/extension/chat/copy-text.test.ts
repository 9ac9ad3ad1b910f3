import assert from "node:assert/strict";
import { asWanted, textOf } from "../../../../extension/chat/copy-text.ts";
import { message } from "../stand-ins.ts";

const hidden = { text: "if (admin\u202E) {\u{E0041}}", language: "ts" };
const never = () => Promise.reject(new Error("asked"));

describe("What is taken over from a message", () => {
  it("is its text, or that of one of its blocks", () => {
    const text = "see\n```ts\na\n```\n```\nb\n```";
    assert.deepEqual(textOf(message(1, { text }), undefined), { text, language: "markdown" });
    assert.deepEqual(textOf(message(1, { text }), 1), { text: "b", language: "" });
    assert.equal(textOf(message(1, { text }), 2), undefined);
    assert.equal(textOf(undefined, 0), undefined);
  });

  it("is taken at once where all of it is seen", async () => {
    const seen = { text: "// 👩‍💻 می‌خواهم\r\n", language: "ts" };
    assert.equal(await asWanted(seen, undefined, never), seen);
  });

  it("is taken as the person wants it where some of it is not, and not at all where they give up", async () => {
    const asked: unknown[] = [];
    const answer = (choice: "removed" | "kept" | undefined) => (kinds: readonly string[]) => {
      asked.push(kinds);
      return Promise.resolve(choice);
    };
    assert.equal(await asWanted(hidden, undefined, answer(undefined)), undefined);
    assert.equal(await asWanted(hidden, undefined, answer("kept")), hidden);
    assert.deepEqual(await asWanted(hidden, undefined, answer("removed")), { text: "if (admin) {}", language: "ts" });
    assert.deepEqual(asked[0], ["U+202E", "U+E0041"]);
  });

  it("is not asked about twice", async () => {
    assert.equal(await asWanted(hidden, "kept", never), hidden);
    assert.equal((await asWanted(hidden, "removed", never))?.text, "if (admin) {}");
  });
});
