import assert from "node:assert/strict";
import { editorLanguageOf, fencesFor } from "../../../../extension/webview/paste.ts";

/** With what goes around it. */
function pastedBlock(text: string, language: string | undefined): string | undefined {
  const fences = fencesFor(text, language);
  return fences && fences.before + text + fences.behind;
}

describe("A text that is pasted", () => {
  it("is code where it comes from an editor and has whole lines", () => {
    assert.equal(pastedBlock("let a;\n", "typescript"), "```typescript\nlet a;\n```\n");
    assert.equal(pastedBlock("a\n```\nb", "markdown"), undefined);
    assert.equal(pastedBlock("a\n```\nb", "python"), "````python\na\n```\nb\n````\n");
    assert.equal(pastedBlock("retry", "typescript"), undefined);
    assert.equal(pastedBlock("\n \n", "typescript"), undefined);
  });

  it("is code where it is a diff, or several of its lines are indented", () => {
    assert.match(pastedBlock("diff --git a/x b/x\n-a\n+b\n", undefined) ?? "", /^```diff\n/);
    for (const text of [
      "if x:\n  a\n  b",
      "{\n\ta\n\tb\n}",
      "/**\n  * one\n  */\n  int a;\n  int b;\n  int c;\n",
      "  a\n  b",
    ]) {
      assert.match(pastedBlock(text, undefined) ?? "", /^```\n/, text);
    }
  });

  it("is prose otherwise: lists, quotations, Markdown with code of its own, a single line that is indented", () => {
    for (const text of [
      "two\nlines",
      "- a\n  - b\n  - c",
      "1. a\n   2. b\n   3. c",
      "> a\n  > b\n  > c",
      "see\n```\n  a\n  b\n```",
      "Dear all,\n  hello",
      "",
      "  one line",
    ]) {
      assert.equal(pastedBlock(text, undefined), undefined, text);
    }
  });

  it("says its language where VS Code does, whatever else is in the clipboard", () => {
    assert.equal(editorLanguageOf('{"version":1,"isFromEmptySelection":false,"mode":"rust"}'), "rust");
    for (const data of ["", "x", "1", "null", "{}", '{"mode":1}', `{"mode":"${"x".repeat(100)}"}`]) {
      assert.equal(editorLanguageOf(data), undefined, data);
    }
  });
});
