import assert from "node:assert/strict";
import { attachmentOf, attachmentOfText, maxAttachedBytes } from "../../../../extension/chat/attachment-block.ts";
import { codeBlockOf } from "../../../../extension/markdown/parse.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("A file or selection for a message", () => {
  it("becomes a block of code under its name", () => {
    const attached = attachmentOf(bytes("let a;\r\nlet b;\r\n"), "a.ts", "ts");
    assert.deepEqual(attached, { ok: true, text: "`a.ts`\n```ts\nlet a;\nlet b;\n```\n" });
  });

  it("stays one block, whatever fences are in it", () => {
    const text = "# x\n````\n```\ncode\n```\n````\nend";
    const attached = attachmentOf(bytes(text), "x`y.md", "md");
    assert.deepEqual(attached.ok && codeBlockOf(attached.text, 0), { text, language: "md" });
  });

  it("is refused in words if it is too large, no text, or empty", () => {
    const refused = (given: Uint8Array): string => {
      const attached = attachmentOf(given, "some\u202E.bin", "");
      assert.equal(attached.ok, false);
      return attached.reason;
    };
    assert.match(refused(new Uint8Array(maxAttachedBytes + 1).fill(65)), /larger than 48 KB/);
    assert.match(refused(new Uint8Array([65, 0, 66])), /not a text file/);
    assert.match(refused(new Uint8Array([0xff, 0xfe, 65])), /not a text file/);
    assert.match(refused(bytes(" \n")), /is empty/);
    assert.ok(!refused(bytes("")).includes("\u202E"));
  });

  it("may come from no file", () => {
    assert.deepEqual(attachmentOfText("x"), { ok: true, text: "```\nx\n```\n" });
    assert.deepEqual(attachmentOfText(" \n"), { ok: false, reason: "There is nothing to send." });
    const long = attachmentOfText("ü".repeat(maxAttachedBytes / 2 + 1));
    assert.match(long.ok ? "" : long.reason, /^The selection is larger than 48 KB/);
  });
});
