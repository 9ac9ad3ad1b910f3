// Long messages in the page of a chat, and many of them: folded, opened by the keyboard, drawn when there is time.

import assert from "node:assert/strict";
import { messagesChanged } from "../../../protocol/api/notifications.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import { message } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser, eventually } from "./open-chat.ts";
import type { OpenChat } from "./open-chat.ts";

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join("\n");
const page = (count: number, text: (seq: number) => string): ChatMessage[] =>
  Array.from({ length: count }, (_, index) => message(index + 1, { text: text(index + 1) }));

describe("A long message in the page of a chat", () => {
  const openChat = chatsInBrowser();
  /** With the letters that VS Code gives a page, so that a line has a height. */
  const theme = "--vscode-font-weight: normal; --vscode-font-size: 13px; --vscode-font-family: sans-serif";
  const open = (options: { messages: ChatMessage[] }): Promise<OpenChat> => openChat({ ...options, theme });
  const more = (chat: OpenChat) => chat.page.getByRole("button", { name: "Show more" });
  const less = (chat: OpenChat) => chat.page.getByRole("button", { name: "Show less" });
  const height = (chat: OpenChat, seq: number): Promise<number> =>
    chat.page.locator(`article[data-seq="${seq}"] .text`).evaluate((text) => {
      return Math.round(text.getBoundingClientRect().height / parseFloat(getComputedStyle(text).lineHeight));
    });

  it("is folded at twenty lines, and only where it has more", async () => {
    const chat = await open({ messages: [message(1, { text: lines(20) }), message(2, { text: lines(21) })] });
    await more(chat).waitFor();
    assert.equal(await more(chat).count(), 1);
    assert.deepEqual([await height(chat, 1), await height(chat, 2)], [20, 20]);
  });

  it("is folded by the lines that it has in this width", async () => {
    const chat = await open({ messages: [message(1, { text: "word ".repeat(300) })] });
    assert.equal(await more(chat).isVisible(), false);
    await chat.page.setViewportSize({ width: 280, height: 640 });
    await more(chat).waitFor();
    assert.equal(await height(chat, 1), 20);
    await chat.page.setViewportSize({ width: 1_000, height: 640 });
    await more(chat).waitFor({ state: "hidden" });
  });

  it("leaves the person where they read when another width folds what is above", async () => {
    const long = "word ".repeat(300);
    const chat = await open({ messages: page(40, (seq) => (seq < 20 ? long : `text ${seq}`)) });
    await chat.log.evaluate((log) => (log.scrollTop = (log.querySelectorAll("article")[24]?.offsetTop ?? 0) - 5));
    const onTop = (): Promise<string | undefined> =>
      chat.log.evaluate((log) => {
        const { top } = log.getBoundingClientRect();
        const all = [...log.querySelectorAll("article")];
        return all.find((each) => each.getBoundingClientRect().bottom > top + 1)?.dataset["seq"];
      });
    const before = await onTop();
    await chat.page.setViewportSize({ width: 280, height: 640 });
    await eventually("all of them to be folded", async () => (await more(chat).count()) === 19);
    assert.equal(await onTop(), before);
  });

  it("is opened and folded by the keyboard, and stays where it is", async () => {
    const chat = await open({ messages: [message(1), message(2, { text: lines(200) }), message(3)] });
    assert.equal(await more(chat).getAttribute("aria-expanded"), "false");
    const top = (): Promise<number> => chat.articles.nth(1).evaluate((each) => each.getBoundingClientRect().top);
    const before = await top();
    await more(chat).press("Enter");
    assert.equal(await less(chat).getAttribute("aria-expanded"), "true");
    assert.deepEqual([await height(chat, 2), Math.abs((await top()) - before) < 2], [200, true]);
    assert.equal(await less(chat).evaluate((button) => button === document.activeElement), true);
    await chat.log.evaluate((log) => (log.scrollTop = 2_000));
    assert.ok(await less(chat).isVisible(), "it can be folded from its middle");
    await less(chat).press("Enter");
    assert.equal(await height(chat, 2), 20);
    await eventually("its beginning to be in view", async () => (await top()) >= 0);
  });

  it("stays open while it is drawn anew, and while one scrolls far away and comes back", async () => {
    const messages = page(400, (seq) => (seq === 390 ? lines(60) : `text ${seq}`));
    const chat = await open({ messages });
    await more(chat).press("Enter");
    const reactions = [{ emoji: "👍", from: ["alice"] }];
    chat.daemon.tell(messagesChanged, { messages: [message(390, { text: lines(60), reactions })] });
    await chat.page.getByRole("button", { name: "👍 1: alice" }).waitFor();
    assert.equal(await height(chat, 390), 60);
    const article = chat.page.locator('article[data-seq="390"]');
    await eventually("it to be dropped", async () => {
      await chat.log.evaluate((log) => (log.scrollTop = 0));
      return (await article.count()) === 0;
    });
    await chat.page.getByRole("button", { name: /Newest messages/ }).click();
    await article.waitFor();
    assert.equal(await height(chat, 390), 60);
  });

  it("is drawn by its beginning, and whole when it is opened", async () => {
    const text = `${"*a* ".repeat(1_500)}end`;
    const chat = await open({ messages: [message(1, { text: "a\n".repeat(30_000) }), message(2, { text })] });
    assert.ok(await chat.log.evaluate((log) => log.scrollHeight < 2_000));
    assert.ok(!(await chat.articles.nth(1).innerText()).includes("end"));
    await more(chat).nth(1).click();
    await chat.articles.nth(1).getByText("end").waitFor();
  });

  it("keeps its toolbar in view where it is higher than the panel", async () => {
    const chat = await open({ messages: [message(1, { text: lines(300) }), message(2)] });
    await more(chat).click();
    await chat.log.evaluate((log) => (log.scrollTop = 3_000));
    await chat.articles
      .first()
      .locator(".text")
      .hover({ position: { x: 30, y: 3_100 } });
    const bar = await chat.page.getByRole("toolbar").boundingBox();
    const log = await chat.log.boundingBox();
    assert.ok(bar && log && bar.y >= log.y && bar.y + bar.height <= log.y + log.height);
  });

  const heavy: Readonly<Record<string, (seq: number) => string>> = {
    brackets: () => "[".repeat(61_000),
    "brackets of images": () => "![".repeat(30_500),
    "new lines": () => "\n".repeat(30_000) + "x",
    code: (seq) => `\`\`\`ts\n${`const value${seq} = call("text", 1); // words\n`.repeat(550)}\`\`\``,
    emphasis: () => "*a _b* c_ ".repeat(2_400),
  };
  for (const [name, text] of Object.entries(heavy)) {
    it(`is drawn when there is time, where the page is full of them: ${name}`, async () => {
      const chat = await open({ messages: [...page(59, text), message(60, { text: "last" })] });
      await chat.composer.pressSequentially("typed meanwhile");
      assert.equal(await chat.composer.inputValue(), "typed meanwhile");
      await eventually("all to be drawn", async () => (await chat.page.locator(".text.raw").count()) === 0);
      assert.equal(await chat.articles.count(), 60);
      await eventually("the newest to be in view", () =>
        chat.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 30),
      );
      const elements = await chat.log.evaluate((log) => log.querySelectorAll("*").length);
      assert.ok(elements < 60 * 500, `${elements} elements`);
    });
  }

  it("costs as much to open a chat of them as a chat of ordinary ones, but for a small factor", async () => {
    const opened = async (text: string): Promise<number> => {
      const startMs = performance.now();
      const chat = await open({ messages: [...page(59, () => text), message(60, { text: "last" })] });
      await chat.page.getByText("last").waitFor();
      return performance.now() - startMs;
    };
    await opened("warm");
    const ordinary = await opened("An *ordinary* message of `two` lines,\nwith https://a.example/b in it.");
    const hostile = await opened("![".repeat(30_500));
    assert.ok(hostile < 6 * ordinary, `${Math.round(hostile)} ms instead of ${Math.round(ordinary)} ms`);
  });
});
