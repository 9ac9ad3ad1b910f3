// Pasting into the composer of a chat in a real browser: code becomes a block of code, and one undo gives the text back.

import assert from "node:assert/strict";
import { message } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser } from "./open-chat.ts";
import type { OpenChat } from "./open-chat.ts";

const code = "if (a) {\n  b();\n}\n";

describe("What is pasted into the composer", () => {
  const open = chatsInBrowser();

  /** By the browser's own clipboard, into which another part of the page puts what an editor would. */
  async function paste(chat: OpenChat, text: string, mode?: string): Promise<void> {
    await chat.page.evaluate(
      ({ text, mode }) => {
        const copy = (event: ClipboardEvent): void => {
          event.clipboardData?.setData("text/plain", text);
          if (mode !== undefined)
            event.clipboardData?.setData("vscode-editor-data", JSON.stringify({ version: 1, mode }));
          event.preventDefault();
        };
        document.addEventListener("copy", copy, { once: true });
      },
      { text, mode },
    );
    await chat.page.keyboard.press("Control+c");
    await chat.page.keyboard.press("Control+v");
  }

  it("is a block of code in its language where it comes from an editor, and one undo gives the text back", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.pressSequentially("look:");
    await paste(chat, code, "typescript");
    assert.equal(await chat.composer.inputValue(), `look:\n\`\`\`typescript\n${code}\`\`\`\n`);
    await chat.page.getByRole("status").filter({ hasText: "Pasted as code." }).waitFor();
    await chat.page.keyboard.type("!");
    assert.match(await chat.composer.inputValue(), /```\n!$/);
    await chat.page.keyboard.press("Control+z");
    await chat.page.keyboard.press("Control+z");
    assert.equal(await chat.composer.inputValue(), `look:${code}`);
    await chat.page.keyboard.press("Control+z");
    assert.equal(await chat.composer.inputValue(), "look:");
    await chat.page.keyboard.press("Control+Shift+z");
    assert.equal(await chat.composer.inputValue(), `look:${code}`);
    await chat.page.keyboard.press("Control+Shift+z");
    assert.equal(await chat.composer.inputValue(), `look:\n\`\`\`typescript\n${code}\`\`\`\n`);
  });

  it("is given back by one undo that comes as a command, as VS Code's does", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.focus();
    await paste(chat, code, "typescript");
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- VS Code uses it
    const run = (command: string) => chat.page.evaluate((name) => document.execCommand(name), command);
    await run("undo");
    assert.equal(await chat.composer.inputValue(), code);
    await run("redo");
    assert.equal(await chat.composer.inputValue(), `\`\`\`typescript\n${code}\`\`\`\n`);
  });

  it("takes the place of what is selected", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.fill("one two");
    await chat.composer.evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(4, 7));
    await paste(chat, code, "c");
    assert.equal(await chat.composer.inputValue(), `one \n\`\`\`c\n${code}\`\`\`\n`);
  });

  it("is left as it is inside a block of code, as prose, and as a part of a line", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.fill("```ts\n");
    await paste(chat, code, "typescript");
    assert.equal(await chat.composer.inputValue(), `\`\`\`ts\n${code}`);
    for (const [text, mode] of [
      ["Two lines\nof plain prose.", undefined],
      ["# Title\n\nprose", "markdown"],
      ["retry", "typescript"],
    ] as const) {
      await chat.composer.fill("");
      await paste(chat, text, mode);
      assert.equal(await chat.composer.inputValue(), text);
    }
  });

  it("is a block where its lines are indented, wherever it comes from", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.focus();
    await paste(chat, "for x in y:\n    print(x)\n    stop(x)\n");
    assert.equal(await chat.composer.inputValue(), "```\nfor x in y:\n    print(x)\n    stop(x)\n```\n");
  });
});
