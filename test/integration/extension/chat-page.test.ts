// The page of a chat in a real browser, under its own content security policy, on the real host's side of a panel.

import assert from "node:assert/strict";
import { messagesChanged } from "../../../protocol/editor/notifications.ts";
import { send } from "../../../protocol/editor/requests.ts";
import {
  draft,
  draftChanged,
  editMessage,
  personTyping,
  react,
  setDraft,
  typing,
} from "../../../protocol/editor/talk.ts";
import { failure } from "../../../protocol/errors.ts";
import { openChatPage } from "../../support/chat-page.ts";
import type { ChatPage, ChatPageOptions } from "../../support/chat-page.ts";
import { launchBrowser } from "../../support/vscode/browser.ts";
import type { TestBrowser } from "../../support/vscode/browser.ts";
import { until } from "../../support/vscode/until.ts";
import { message, person } from "../../unit/extension/stand-ins.ts";

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => message(index + 1, { own: index % 7 === 0 }));
const waitMs = 10_000;

describe("The page of a chat", () => {
  let browser: TestBrowser;
  let chat: ChatPage;
  const opened: ChatPage[] = [];

  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.dispose()));
  });
  after(() => browser.dispose());

  async function open(options: ChatPageOptions): Promise<ChatPage> {
    chat = await openChatPage(browser, options);
    opened.push(chat);
    await chat.page.getByRole("article").first().waitFor();
    return chat;
  }

  const articles = () => chat.page.getByRole("article");
  const composer = () => chat.page.getByRole("textbox", { name: "Message alice" });
  const log = () => chat.page.getByRole("log", { name: "Messages with alice" });
  const focused = () => chat.page.evaluate(() => document.activeElement?.getAttribute("data-seq") ?? "");

  function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<true> {
    return until(what, async () => ((await holds()) ? true : undefined), waitMs);
  }

  /** Scrolls, waits for the page that comes, and says how far the message on top has moved meanwhile. */
  async function scrollTo(end: "top" | "bottom"): Promise<void> {
    await log().evaluate((node, to) => (node.scrollTop = to === "top" ? 0 : node.scrollHeight), end);
  }

  describe("with 100,000 messages", () => {
    const history = many(100_000);
    const seqs = (): Promise<number[]> =>
      articles().evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-seq"))));

    it("draws the newest 60 first, at the end", async () => {
      await open({ messages: [...history] });
      const drawn = await seqs();
      assert.deepEqual([drawn.length, drawn.at(-1)], [60, 100_000]);
      assert.ok(await articles().last().isVisible());
    });

    it("keeps the place and a bounded number of messages while a person scrolls back and forth", async () => {
      await open({ messages: [...history] });
      for (let page = 0; page < 8; page += 1) {
        const first = (await seqs())[0] ?? 0;
        await scrollTo("top");
        await eventually("an older page", async () => ((await seqs())[0] ?? 0) < first);
        const offset = await log().evaluate(
          (node, seq) => (node.querySelector<HTMLElement>(`[data-seq="${seq}"]`)?.offsetTop ?? -1) - node.scrollTop,
          first,
        );
        assert.ok(offset >= 0 && offset < 120, `the message on top is ${offset} px away`);
        assert.ok((await articles().count()) <= 240);
      }
      const reached = await seqs();
      assert.ok((reached.at(-1) ?? 0) < 100_000);
      assert.deepEqual(
        reached,
        Array.from({ length: reached.length }, (_, index) => (reached[0] ?? 0) + index),
      );
      for (let last = reached.at(-1) ?? 0; last < 100_000; last = (await seqs()).at(-1) ?? 0) {
        await scrollTo("bottom");
        await eventually("a newer page", async () => ((await seqs()).at(-1) ?? 0) > last);
        assert.ok((await articles().count()) <= 240);
      }
    });

    it("goes to a message far away that was found, and back to the newest", async () => {
      await open({ messages: [...history] });
      await chat.page.keyboard.press("Control+f");
      const found = chat.page.getByRole("combobox", { name: "Find in this chat" });
      await found.fill("text 4711");
      await chat.page.getByRole("option").filter({ hasText: "text 4711" }).last().waitFor();
      await found.press("ArrowUp"); // from the newest hit round to the oldest
      await found.press("Enter");
      await chat.page.locator('article[data-seq="4711"]').waitFor();
      assert.ok(await chat.page.locator('article[data-seq="4711"]').isVisible());
      await found.press("Escape");
      assert.equal(await focused(), "4711");
      await chat.page.getByRole("button", { name: /Newest messages/ }).click();
      await chat.page.locator('article[data-seq="100000"]').waitFor();
      await eventually("the end", async () => !(await chat.page.locator(".newest").isVisible()));
    });
  });

  it("draws Markdown as elements, hostile HTML as text, and asks the network for nothing", async () => {
    const text =
      "**b** `c` <img src=http://x.localhost/a.png onerror=alert(1)> ![i](http://x.localhost/i.png)\n\n```ts\nlet a;\n```";
    const requests: string[] = [];
    await open({ messages: [message(1, { text })] });
    chat.page.on("request", (request) => requests.push(request.url()));
    const article = articles().first();
    assert.equal(await article.locator("strong").textContent(), "b");
    assert.equal(await article.locator("img, script, iframe, style, a[href]").count(), 0);
    assert.match((await article.textContent()) ?? "", /<img src=http:\/\/x\.localhost/);
    await article.getByRole("link", { name: /^i/ }).click();
    assert.deepEqual(
      chat.asked.map((each) => each.kind === "open" && each.url),
      ["http://x.localhost/i.png"],
    );
    await chat.page.getByRole("group", { name: "Code, ts" }).getByRole("button", { name: "Insert at Cursor" }).click();
    await eventually("the code to be asked for", () => chat.asked.length === 2);
    assert.deepEqual(chat.asked[1], { kind: "take", token: "TOKEN", seq: 1, block: 0, to: "cursor" });
    assert.deepEqual(requests, []);
  });

  it("draws a hostile message of 60 KB without hanging", async () => {
    const texts = [
      "[".repeat(60_000),
      "> ".repeat(30_000),
      "*a".repeat(30_000),
      "|a".repeat(30_000),
      "`".repeat(60_000),
    ];
    const startMs = performance.now();
    await open({ messages: texts.map((text, index) => message(index + 1, { text })) });
    assert.equal(await articles().count(), texts.length);
    assert.ok(performance.now() - startMs < 8_000, `it took ${performance.now() - startMs} ms`);
  });

  it("draws a bounded number of elements for one message, and all of its text", async () => {
    const texts = ["a\n".repeat(29_500), "http://a.b ".repeat(5_400), "\u202E".repeat(20_000)];
    await open({ messages: texts.map((text, index) => message(index + 1, { text })) });
    const counts = await articles().evaluateAll((all) => all.map((each) => each.querySelectorAll("*").length));
    assert.ok(
      counts.every((count) => count < 2_000),
      counts.join(", "),
    );
    assert.equal((await articles().first().locator(".text").textContent())?.trim(), texts[0]?.trim());
  });

  it("lets the keyboard scroll code that is too wide, under a name, and no other", async () => {
    const wide = `\`\`\`ts\n${"wide ".repeat(200)}\n\`\`\``;
    await open({ messages: [message(1, { text: wide }), message(2, { text: "```ts\nnarrow\n```" })] });
    const code = chat.page.locator("pre");
    await eventually("the code to be reached", async () => (await code.first().getAttribute("tabindex")) === "0");
    assert.equal(await code.first().getAttribute("aria-label"), "Code, ts");
    assert.equal(await code.last().getAttribute("tabindex"), null);
  });

  it("is used by keyboard: one tab stop among the messages, arrows between them, Tab to what can be done", async () => {
    await open({ messages: [message(1), message(2, { own: true }), message(3)] });
    await composer().focus();
    assert.equal(await chat.page.locator('article[tabindex="0"]').count(), 1);
    await articles().last().focus();
    await chat.page.keyboard.press("ArrowUp");
    assert.equal(await focused(), "2");
    const bar = chat.page.getByRole("toolbar", { name: "Message actions" });
    const names = await bar
      .getByRole("button")
      .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
    assert.deepEqual(names, ["React", "Reply", "Edit", "Copy", "Delete"]);
    await chat.page.keyboard.press("Tab");
    await chat.page.keyboard.press("ArrowRight");
    await chat.page.keyboard.press("Enter");
    assert.match((await chat.page.locator(".strip").textContent()) ?? "", /Replying to bob: text 2/);
    assert.ok(await composer().evaluate((box) => box === document.activeElement));
    await chat.page.keyboard.press("Escape");
    assert.ok(await chat.page.locator(".strip").isHidden());
  });

  it("sends an answer with what it answers", async () => {
    await open({ messages: [message(1), message(2)] });
    chat.daemon.answer(send, ({ text }) => ({ ok: true, message: message(3, { own: true, text }) }));
    await articles().first().hover();
    await chat.page.getByRole("button", { name: "Reply" }).click();
    await composer().fill("yes");
    await composer().press("Enter");
    await articles().nth(2).waitFor();
    assert.equal((chat.daemon.askedFor(send.method)[0] as { answers?: number }).answers, 1);
    assert.equal(await composer().inputValue(), "");
  });

  it("changes the last own message by ArrowUp in an empty composer, and Escape gives that up", async () => {
    await open({ messages: [message(1, { own: true }), message(2)] });
    chat.daemon.answer(editMessage, () => ({ ok: true }));
    await composer().press("ArrowUp");
    assert.equal(await composer().inputValue(), "text 1");
    await composer().press("Escape");
    assert.equal(await composer().inputValue(), "");
    await composer().press("ArrowUp");
    await composer().fill("better");
    await composer().press("Enter");
    await eventually("the change to be sent", () => chat.daemon.askedFor(editMessage.method).length === 1);
    assert.deepEqual(chat.daemon.askedFor(editMessage.method), [
      { conversation: "user:alice", mid: "mid-1", text: "better" },
    ]);
  });

  it("shows who reacted how, and reacts", async () => {
    const reactions = [{ emoji: "🎉", from: ["alice", "bob"] }];
    await open({ messages: [message(1, { reactions })] });
    chat.daemon.answer(react, () => ({ ok: true }));
    const chip = chat.page.getByRole("button", { name: "🎉 2: alice, bob" });
    assert.equal(await chip.getAttribute("aria-pressed"), "true");
    await chip.click();
    await chat.page.getByRole("button", { name: "React" }).first().click();
    await chat.page.getByRole("button", { name: "React with 👍" }).click();
    await eventually("both to be sent", () => chat.daemon.askedFor(react.method).length === 2);
    assert.deepEqual(chat.daemon.askedFor(react.method), [
      { conversation: "user:alice", seq: 1, emoji: "🎉", on: false },
      { conversation: "user:alice", seq: 1, emoji: "👍", on: true },
    ]);
  });

  it("goes to what a message answers", async () => {
    const quote = { mid: "mid-2", seq: 2, from: "bob", text: "text 2" };
    await open({ messages: [...many(99), message(100, { quote })] });
    await articles()
      .last()
      .getByRole("button", { name: /^Answers bob/ })
      .click();
    await chat.page.locator('article[data-seq="2"]').waitFor();
    await eventually("the focus to be there", async () => (await focused()) === "2");
  });

  it("offers names and commands while one writes", async () => {
    await open({ messages: [message(1)], others: [person("alan")] });
    await composer().pressSequentially("hi @a");
    await chat.page.getByRole("option", { name: "@alan" }).waitFor();
    await composer().press("ArrowDown");
    await composer().press("Enter");
    assert.equal(await composer().inputValue(), "hi @alan ");
    await composer().fill("/bl");
    await composer().pressSequentially("o");
    await composer().press("Tab");
    await composer().press("Enter");
    await eventually("the command", () => chat.asked.length === 1);
    assert.deepEqual(chat.asked, [{ kind: "act", token: "TOKEN", action: "block" }]);
  });

  it("keeps the draft with the daemon, has it after a reload, and takes one from another window", async () => {
    await open({ messages: [message(1)] });
    await composer().fill("half a thought");
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length > 0);
    assert.equal(chat.daemon.askedFor(typing.method).length, 1);
    chat.conversation.webviewGone();
    await chat.page.evaluate(() => sessionStorage.clear());
    await chat.page.reload();
    await eventually("the draft", async () => (await composer().inputValue()) === "half a thought");
    chat.daemon.tell(draftChanged, { conversation: "user:alice", text: "from elsewhere", revision: 2 });
    await eventually("the other draft", async () => (await composer().inputValue()) === "from elsewhere");
  });

  it("prefers what was written here and not kept yet to what the daemon has, and keeps it then", async () => {
    await open({ messages: [message(1)] });
    chat.daemon.answer(setDraft, () => failure("unavailable"));
    await composer().fill("newer");
    await eventually("the daemon to refuse", () => chat.daemon.askedFor(setDraft.method).length > 0);
    chat.daemon.answer(draft, () => ({ ok: true, text: "older", revision: 0 }));
    chat.daemon.answer(setDraft, () => ({ ok: true, revision: 1 }));
    chat.conversation.webviewGone();
    await chat.page.reload();
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length > 1);
    assert.equal(await composer().inputValue(), "newer");
  });

  it("takes what the daemon has when VS Code gives it an old copy of what was written here", async () => {
    await open({ messages: [message(1)] });
    await composer().fill("an old thought");
    const old = await chat.page.evaluate(() => Object.entries(sessionStorage));
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length > 0);
    await composer().fill("a new thought");
    await eventually("it to be kept too", () => chat.daemon.askedFor(setDraft.method).length > 1);
    chat.conversation.webviewGone();
    await chat.page.evaluate(
      (state) => state.forEach(([key, value]) => sessionStorage.setItem(key, String(value))),
      old,
    );
    await chat.page.reload();
    await eventually("the new one", async () => (await composer().inputValue()) === "a new thought");
    assert.equal(chat.daemon.askedFor(setDraft.method).length, 2);
  });

  it("gives the daemon again what it forgot in a crash", async () => {
    await open({ messages: [message(1)] });
    await composer().fill("written twice");
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length > 0);
    chat.daemon.tell(draftChanged, { conversation: "user:alice", text: "", revision: 0 });
    await eventually("it to be kept again", () => chat.daemon.askedFor(setDraft.method).length > 1);
    assert.equal(await composer().inputValue(), "written twice");
  });

  it("gives up neither an answer nor a change when VS Code draws it anew", async () => {
    await open({ messages: [message(1), message(2, { own: true })] });
    await articles().first().hover();
    await chat.page.getByRole("button", { name: "Reply" }).click();
    await chat.page.reload();
    await chat.page.locator(".strip").filter({ hasText: "Replying to alice: text 1" }).waitFor();
    await composer().press("Escape");
    await composer().press("ArrowUp");
    await composer().fill("half changed");
    await chat.page.reload();
    await chat.page.locator(".strip").filter({ hasText: "Editing" }).waitFor();
    assert.equal(await composer().inputValue(), "half changed");
  });

  it("says politely that the other person is writing, until a message comes", async () => {
    await open({ messages: [message(1)] });
    chat.daemon.tell(personTyping, { conversation: "user:alice" });
    const words = chat.page.getByRole("status").filter({ hasText: "alice is writing…" });
    await words.waitFor();
    chat.daemon.tell(messagesChanged, { messages: [message(2)] });
    await words.waitFor({ state: "detached" }).catch(() => words.waitFor({ state: "hidden" }));
  });

  it("says how messages travel, and why", async () => {
    const direct = { kind: "direct", address: "192.168.1.5:41022" } as const;
    await open({ messages: [message(1)], contact: { route: direct } });
    await chat.page.getByText("Direct · 192.168.1.5", { exact: true }).waitFor();
    await open({ messages: [message(1)], contact: { route: { kind: "server", why: "alice allows no direct talk." } } });
    await chat.page.getByTitle("alice allows no direct talk.").getByText("Via server").waitFor();
  });

  it("offers the way back to the first unread message and to the newest, with their number", async () => {
    await open({ messages: many(50), contact: { unread: 30 } });
    await log().evaluate((node) => (node.scrollTop = node.scrollHeight));
    const unread = chat.page.getByRole("button", { name: /First unread/ });
    await unread.click();
    await unread.waitFor({ state: "hidden" });
    assert.ok(await chat.page.getByRole("separator", { name: "New" }).isVisible());
    chat.daemon.tell(messagesChanged, { messages: [message(51), message(52)] });
    await chat.page.getByRole("button", { name: /2 new messages/ }).click();
    await eventually("the end", async () => articles().last().isVisible());
  });
});
