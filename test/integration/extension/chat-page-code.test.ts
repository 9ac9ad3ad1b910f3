// Blocks of code in the page of a chat: their bar, their colours, and what is asked before characters that nobody sees are
// taken over.

import assert from "node:assert/strict";
import { messagesChanged } from "../../../protocol/api/notifications.ts";
import { message } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser, eventually } from "./open-chat.ts";

const wide = `const words = "${"wide ".repeat(60)}";`;
const block = (code: string, language = "ts"): string => `\`\`\`${language}\n${code}\n\`\`\``;

describe("A block of code in the page of a chat", () => {
  const open = chatsInBrowser();

  for (const width of [200, 280, 460, 1_000]) {
    it(`has one bar above the code, which hides none of it in a panel of ${width} px`, async () => {
      const viewport = { width, height: 640 };
      const chat = await open({ messages: [message(1, { text: block(`a;\n${wide}`, "typescriptreact") })], viewport });
      const group = chat.page.getByRole("group", { name: "Code, typescriptreact" }).first();
      const [bar, code, whole] = await Promise.all(
        [".code-head", "pre", ".code-actions"].map((part) => group.locator(part).boundingBox()),
      );
      const box = await group.boundingBox();
      assert.ok(bar && code && whole && box);
      assert.ok(bar.y + bar.height <= code.y, "the bar ends above the code");
      assert.ok(whole.x >= box.x && whole.x + whole.width <= box.x + box.width, "its buttons are in the block");
      assert.ok(box.x + box.width <= width, "the block is in the panel");
      await chat.articles.first().hover();
      await chat.page.getByRole("toolbar").waitFor();
      assert.equal(await chat.page.getByRole("button", { name: "Copy", exact: true }).count(), 1);
    });
  }

  it("has a scroll bar that takes room where lines are wider, and none where they are wrapped", async () => {
    const chat = await open({ messages: [message(1, { text: block(wide) }), message(2, { text: block("a") })] });
    const pre = chat.page.locator("pre");
    const overflows = (): Promise<boolean[]> =>
      pre.evaluateAll((all) => all.map((each) => each.scrollWidth > each.clientWidth));
    assert.deepEqual(await overflows(), [true, false]);
    const height = await pre.first().evaluate((each) => getComputedStyle(each, "::-webkit-scrollbar").height);
    assert.equal(height, "10px");
    const wrap = chat.articles.first().getByRole("button", { name: "Wrap Long Lines" });
    await wrap.click();
    assert.deepEqual([await overflows(), await wrap.getAttribute("aria-pressed")], [[false, false], "true"]);
    const reactions = [{ emoji: "👍", from: ["alice"] }];
    chat.daemon.tell(messagesChanged, { messages: [message(1, { text: block(wide), reactions })] });
    await chat.page.getByRole("button", { name: "👍 1: alice" }).waitFor();
    assert.deepEqual(await overflows(), [false, false], "it stays wrapped where the message is drawn anew");
    await wrap.click();
    assert.deepEqual(await overflows(), [true, false]);
  });

  it("tells control flow from other keywords, in the colours of the theme's kind", async () => {
    const text = block("if (x) { let a = 1; }");
    const colours = async (themeClass: string): Promise<string[]> => {
      const chat = await open({ messages: [message(1, { text })], themeClass });
      const words = chat.page.locator("code span").filter({ hasText: /^(if|let)$/ });
      return words.evaluateAll((all) => all.map((each) => getComputedStyle(each).color));
    };
    const [dark, light] = [await colours("vscode-dark"), await colours("vscode-light")];
    assert.deepEqual(dark, ["rgb(197, 134, 192)", "rgb(86, 156, 214)"]);
    assert.equal(new Set([...dark, ...light]).size, 4);
    assert.notDeepEqual(await colours("vscode-high-contrast-light vscode-high-contrast"), light);
  });

  it("names characters that are not seen in its bar, and asks before it is copied with them", async () => {
    const chat = await open({ messages: [message(1, { text: block("let a\u202E\u{E0041}\u202E;") })] });
    await chat.page.getByText("Hidden characters: U+202E, U+E0041").waitFor();
    const copy = chat.page.getByRole("button", { name: "Copy", exact: true });
    const [without, asItIs] = ["Without Hidden Characters", "As It Is"].map((name) =>
      chat.page.getByRole("button", { name }),
    );
    assert.ok(without && asItIs);
    await copy.press("Enter");
    await chat.page.getByText(/^This code has characters that are not seen \(U\+202E, U\+E0041\)/).waitFor();
    assert.deepEqual(chat.asked, []);
    await chat.page.keyboard.press("Escape");
    await without.waitFor({ state: "detached" });
    assert.equal(await copy.evaluate((button) => button === document.activeElement), true);
    await copy.press("Enter");
    await chat.page.keyboard.press("Enter");
    await eventually("the first answer to count", () => chat.asked.length === 1);
    await copy.click();
    await asItIs.click();
    await eventually("the second answer to count", () => chat.asked.length === 2);
    const taken = { kind: "take", token: "TOKEN", seq: 1, block: 0, to: "clipboard" };
    assert.deepEqual(chat.asked, [
      { ...taken, hidden: "removed" },
      { ...taken, hidden: "kept" },
    ]);
  });

  it("asks nothing where all is seen, joiners in emoji and Persian among it", async () => {
    const text = block("// 👩‍💻 ❤️ می‌خواهم");
    const chat = await open({ messages: [message(1, { text })] });
    assert.equal(await chat.page.locator(".hidden-note, .hidden-character").count(), 0);
    await chat.page.getByRole("button", { name: "Copy", exact: true }).click();
    await eventually("it to be copied", () => chat.asked.length === 1);
    assert.deepEqual(chat.asked, [{ kind: "take", token: "TOKEN", seq: 1, block: 0, to: "clipboard" }]);
  });
});
