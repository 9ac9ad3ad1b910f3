import assert from "node:assert/strict";
import fc from "fast-check";
import { messagesOf } from "../../../../cli/terminal/piped-input.ts";
import type { Shape } from "../../../../cli/terminal/piped-input.ts";
import { textOf } from "../../../../cli/terminal/prompt.ts";
import { codeBlockOf } from "../../../../extension/markdown/parse.ts";
import { encodedTextBytes } from "../../../../protocol/wire/frame.ts";
import { limits } from "../../../../protocol/limits.ts";

const plain: Shape = { code: undefined, prose: false, split: false };
const sent = (text: string, shape: Partial<Shape> = {}, piped = true): readonly string[] => {
  const messages = messagesOf(text, piped, { ...plain, ...shape });
  assert.ok(!("code" in messages), "refused");
  return messages;
};
const refusal = (text: string, shape: Partial<Shape> = {}): string => {
  const messages = messagesOf(text, true, { ...plain, ...shape });
  assert.ok("code" in messages && messages.code === "too_large");
  return messages.reason;
};

const diff = `diff --git a/src/pool.c b/src/pool.c
--- a/src/pool.c
+++ b/src/pool.c
@@ -10,2 +10,2 @@ int pool_get(struct pool *p, char **out)
-    if (x < 0) return __LINE__;
+    # define foo`;

describe("What is piped into the command line", () => {
  it("arrives as code, a diff as a diff", () => {
    assert.deepEqual(sent(diff), [`\`\`\`diff\n${diff}\n\`\`\``]);
    assert.deepEqual(sent(`commit 1\n\n    words\n\n${diff}`)[0]?.slice(0, 8), "```diff\n");
    assert.deepEqual(sent("--- a.c\n+++ b.c\n@@ -1 +1 @@\n-a\n+b")[0]?.slice(0, 8), "```diff\n");
    assert.deepEqual(sent("a\n  b"), ["```\na\n  b\n```"]);
    assert.deepEqual(sent("---\n+++\n@@"), ["```\n---\n+++\n@@\n```"]);
  });

  it("is text where it is a single line, or the person says so, or typed it", () => {
    assert.deepEqual(sent("lunch?"), ["lunch?"]);
    assert.deepEqual(sent("- a\n- b", { prose: true }), ["- a\n- b"]);
    assert.deepEqual(sent("a\nb", {}, false), ["a\nb"]);
    assert.deepEqual(sent("\n\n"), ["\n\n"], "nothing stays nothing, which is refused");
  });

  it("is code in the language that is named, one line as well", () => {
    assert.deepEqual(sent("let a;", { code: "ts" }), ["```ts\nlet a;\n```"]);
    assert.deepEqual(sent("let a;", { code: "" }), ["```\nlet a;\n```"]);
    assert.deepEqual(sent("let a;", { code: "a b`c" }), ["```\nlet a;\n```"]);
    assert.deepEqual(sent(diff, { code: "c" })[0]?.slice(0, 5), "```c\n");
  });

  it("loses the colours of a terminal, and the line ends of Windows", () => {
    assert.deepEqual(sent("\u001b[1mdiff --git a/x b/x\u001b[m\r\n\u001b[31m-a\u001b[0m"), [
      "```diff\ndiff --git a/x b/x\n-a\n```",
    ]);
  });

  it("comes out of its block as it went in, whatever fences are in it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("```", "````", "~~~", "   ```", "a", "", "> ```", "`````x"), { minLength: 2 }),
        (lines) => {
          const text = lines.join("\n");
          fc.pre(text.trim() !== "");
          const [message = ""] = sent(text);
          assert.equal(codeBlockOf(message, 0)?.text, text.replace(/\n$/u, ""));
          assert.equal(codeBlockOf(message, 1), undefined);
        },
      ),
    );
  });

  it("is refused where it is too long, with what can be done", () => {
    const long = "0123456789\n".repeat(12_000);
    assert.match(
      refusal(long),
      /^That is 141 KiB, and a message takes 60\. Add --split to send it as 3 numbered messages/,
    );
    assert.match(refusal("x".repeat(100_000), { split: true }), /A line has 98 KiB/);
    assert.match(refusal(long.repeat(30), { split: true }), /It would be \d+ messages, more than 50\./);
  });

  it("goes as several messages of whole lines, numbered, where that is wanted", () => {
    const lines = Array.from({ length: 9_000 }, (_, index) => `${index} "${"ü".repeat(index % 20)}"`);
    const messages = sent(lines.join("\n"), { split: true, code: "js" });
    assert.ok(messages.length > 2);
    for (const [index, message] of messages.entries()) {
      assert.ok(encodedTextBytes(message) <= limits.maxMessageBytes);
      assert.ok(message.startsWith(`(${index + 1}/${messages.length})\n\`\`\`js\n`));
    }
    assert.deepEqual(
      messages.flatMap((message) => codeBlockOf(message, 0)?.text.split("\n") ?? []),
      lines,
    );
    assert.deepEqual(sent("short\ntext", { split: true }).length, 1);
  });

  it("is no text where it is not UTF-8", () => {
    assert.equal(textOf(Buffer.from("zażółć 👍")), "zażółć 👍");
    assert.equal(textOf(Buffer.from("\ufeffa")), "a");
    assert.equal(textOf(Buffer.from("grün", "latin1")), undefined);
    assert.equal(textOf(Buffer.from("a\nb", "utf16le")), undefined);
  });
});
