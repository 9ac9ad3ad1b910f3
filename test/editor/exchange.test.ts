import assert from "node:assert/strict";
import { commands, env, Selection, window, workspace } from "vscode";
import type { TextEditor } from "vscode";
import { EditorExchange } from "../../extension/chat/editor-exchange.ts";

const code = { text: "let b;", language: "ts" };

describe("Code between a chat and the editors", () => {
  let trusted = true;
  let editor: TextEditor;
  let exchange: EditorExchange;
  const text = (): string => editor.document.getText();

  beforeEach(async () => {
    trusted = true;
    editor = await window.showTextDocument(
      await workspace.openTextDocument({ content: "let a;\nlet c;\n", language: "typescript" }),
    );
    editor.selection = new Selection(1, 0, 1, 6);
    exchange = new EditorExchange(() => trusted);
  });
  afterEach(async () => {
    exchange.dispose();
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("takes the place of what is selected in the last editor", async () => {
    assert.deepEqual(await exchange.take(code, "cursor"), { ok: true, text: "Inserted." });
    assert.equal(text(), "let a;\nlet b;\n");
  });

  it("changes nothing in a workspace that is not trusted, and says so", async () => {
    trusted = false;
    const said = await exchange.take(code, "cursor");
    assert.deepEqual([said.ok, text()], [false, "let a;\nlet c;\n"]);
    assert.match(said.text, /workspace that you do not trust/);
  });

  it("is copied and shown in an editor of its own without trust too, for nothing of the workspace is touched", async () => {
    trusted = false;
    assert.equal((await exchange.take(code, "clipboard")).ok, true);
    assert.equal(await env.clipboard.readText(), "let b;");
    assert.equal((await exchange.take(code, "editor")).ok, true);
    const opened = window.activeTextEditor?.document;
    assert.deepEqual([opened?.getText(), opened?.languageId, opened?.isUntitled], ["let b;", "typescript", true]);
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    assert.equal(text(), "let a;\nlet c;\n");
  });

  it("is gone to by the line of a file, which is looked for in the workspace", async () => {
    const said = await exchange.openPlace({ path: "no such file.ts", line: 3 });
    assert.match(said.text, /There is no no such file\.ts in this workspace/);
    const [uri] = await workspace.findFiles("**/*", undefined, 1);
    if (uri === undefined) return; // an empty window
    await exchange.openPlace({ path: uri.path.slice(uri.path.lastIndexOf("/") + 1), line: 1 });
    assert.equal(window.activeTextEditor?.document.uri.path, uri.path);
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await window.showTextDocument(editor.document);
  });

  it("is attached with the name and line of the selection, or refused where nothing is selected", async () => {
    const attached = await exchange.attach("selection");
    assert.match(attached?.ok === true ? attached.text : "", /^`Untitled-\d+:2`\n```typescript\nlet c;\n```\n$/);
    editor.selection = new Selection(0, 0, 0, 0);
    const refused = await exchange.attach("selection");
    assert.match(refused?.ok === false ? refused.reason : "", /^Nothing is selected/);
  });

  it("has nowhere to go once the last editor was closed", async () => {
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    const said = await exchange.take(code, "cursor");
    assert.deepEqual([said.ok, /no text editor/.test(said.text)], [false, true]);
  });
});
