// The page of a chat in a real browser, under its own content security policy, on the real host's side of a panel: how
// messages are drawn, and what is said around them. Reading and writing have files of their own.

import assert from "node:assert/strict";
import { messagesChanged } from "../../../protocol/api/notifications.ts";
import { personTyping } from "../../../protocol/conversations/kinds/typing.ts";
import { react } from "../../../protocol/conversations/kinds/reaction.ts";
import { message } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser, eventually } from "./open-chat.ts";

describe("The page of a chat", () => {
  const open = chatsInBrowser();

  it("draws Markdown as elements, hostile HTML as text, and asks the network for nothing", async () => {
    const text =
      "**b** `c` <img src=http://x.localhost/a.png onerror=alert(1)> ![i](http://x.localhost/i.png)\n\n```ts\nlet a;\n```";
    const chat = await open({ messages: [message(1, { text })] });
    const article = chat.articles.first();
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
    assert.deepEqual(chat.fetched, []);
  });

  it("says where a link leads unless its words do, in letters that none resembles", async () => {
    const links = ["https://a.example", "<https://a.example/b>", "[c](https://a.example)", "https://ex\u0430mple.com"];
    const chat = await open({ messages: [message(1, { text: links.join(" ") })] });
    assert.deepEqual(await chat.page.getByRole("link").allTextContents(), [
      "https://a.example",
      "https://a.example/b",
      "c (a.example)",
      "https://ex\u0430mple.com (xn--exmple-4nf.com)",
    ]);
  });

  it("shows characters that reorder a text, in code as elsewhere", async () => {
    const text = "a\u202Eb `c\u202Ed`\n```\ne\u202Ef\n```";
    const chat = await open({ messages: [message(1, { text, quote: { mid: "0", seq: 1, text: "`g\u202Eh`" } })] });
    assert.equal(await chat.articles.first().locator(".hidden-character").count(), 3);
    assert.ok(!(await chat.page.content()).includes("\u202E"));
  });

  it("gives an empty block of code the height of a line", async () => {
    const chat = await open({ messages: [message(1, { text: "```\n```" }), message(2, { text: "```\na\n```" })] });
    const heights = await chat.page
      .locator("pre")
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
    assert.equal(heights[0], heights[1]);
  });

  it("calls yesterday what was today, when a message comes after midnight", async () => {
    const now = Date.now();
    const chat = await open({ messages: [message(1, { sentAtMs: now })] });
    const days = chat.page.getByRole("separator");
    assert.deepEqual(await days.allTextContents(), ["Today"]);
    const tomorrow = now + 24 * 3_600_000;
    await chat.page.clock.setFixedTime(tomorrow);
    chat.daemon.tell(messagesChanged, { messages: [message(2, { sentAtMs: tomorrow })] });
    await chat.articles.nth(1).waitFor();
    assert.deepEqual(await days.allTextContents(), ["Yesterday", "Today"]);
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
    const chat = await open({ messages: texts.map((text, index) => message(index + 1, { text })) });
    assert.equal(await chat.articles.count(), texts.length);
    assert.ok(performance.now() - startMs < 8_000, `it took ${performance.now() - startMs} ms`);
  });

  it("draws a bounded number of elements for one message, and all of its text", async () => {
    const texts = ["a\n".repeat(29_500), "http://a.b ".repeat(5_400), "\u202E".repeat(20_000)];
    const chat = await open({ messages: texts.map((text, index) => message(index + 1, { text })) });
    const more = chat.page.getByRole("button", { name: "Show more" });
    await eventually("all three to be folded", async () => (await more.count()) === 3);
    for (let left = 3; left > 0; left -= 1) await more.first().click();
    const counts = await chat.articles.evaluateAll((all) => all.map((each) => each.querySelectorAll("*").length));
    assert.ok(
      counts.every((count) => count < 2_000),
      counts.join(", "),
    );
    assert.equal((await chat.articles.first().locator(".text").textContent())?.trim(), texts[0]?.trim());
  });

  it("lets the keyboard scroll code that is too wide, under a name, and no other", async () => {
    const wide = `\`\`\`ts\n${"wide ".repeat(200)}\n\`\`\``;
    const chat = await open({ messages: [message(1, { text: wide }), message(2, { text: "```ts\nnarrow\n```" })] });
    const code = chat.page.locator("pre");
    await eventually("the code to be reached", async () => (await code.first().getAttribute("tabindex")) === "0");
    assert.equal(await code.first().getAttribute("aria-label"), "Code, ts");
    assert.equal(await code.last().getAttribute("tabindex"), null);
  });

  it("shows who reacted how, and reacts", async () => {
    const reactions = [{ emoji: "🎉", from: ["alice", "bob"] }];
    const chat = await open({ messages: [message(1, { reactions })] });
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

  it("says politely that the other person is writing, until a message comes", async () => {
    const chat = await open({ messages: [message(1)] });
    chat.daemon.tell(personTyping, { conversation: "user:alice" });
    const words = chat.page.getByRole("status").filter({ hasText: "alice is writing…" });
    await words.waitFor();
    chat.daemon.tell(messagesChanged, { messages: [message(2)] });
    await words.waitFor({ state: "detached" }).catch(() => words.waitFor({ state: "hidden" }));
  });

  it("says how messages travel, and why", async () => {
    const direct = { kind: "direct", address: "192.168.1.5:41022" } as const;
    const straight = await open({ messages: [message(1)], contact: { route: direct } });
    await straight.page.getByText("Direct · 192.168.1.5", { exact: true }).waitFor();
    const around = await open({
      messages: [message(1)],
      contact: { route: { kind: "server", why: "alice allows no direct talk." } },
    });
    await around.page.getByTitle("alice allows no direct talk.").getByText("Via server").waitFor();
  });
});
