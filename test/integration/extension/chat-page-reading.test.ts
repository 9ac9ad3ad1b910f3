// The way through the messages of a chat in a real browser: by scrolling, by the search, by the keyboard and by the buttons.

import assert from "node:assert/strict";
import { contactsChanged, messagesChanged, sessionChanged } from "../../../protocol/api/notifications.ts";
import { history } from "../../../protocol/api/session.ts";
import { search } from "../../../protocol/api/conversation.ts";
import { failure } from "../../../protocol/errors.ts";
import { erin, message, person } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser, eventually } from "./open-chat.ts";
import type { OpenChat } from "./open-chat.ts";

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => message(index + 1, { own: index % 7 === 0 }));

describe("Reading in the page of a chat", () => {
  const open = chatsInBrowser();

  describe("with 100,000 messages", () => {
    const all = many(100_000);
    const seqsOf = (chat: OpenChat): Promise<number[]> =>
      chat.articles.evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-seq"))));

    async function scrollTo({ log }: OpenChat, end: "top" | "bottom"): Promise<void> {
      await log.evaluate((node, to) => (node.scrollTop = to === "top" ? 0 : node.scrollHeight), end);
    }

    it("draws the newest 60 first, at the end", async () => {
      const chat = await open({ messages: [...all] });
      const drawn = await seqsOf(chat);
      assert.deepEqual([drawn.length, drawn.at(-1)], [60, 100_000]);
      assert.ok(await chat.articles.last().isVisible());
    });

    it("keeps the place and a bounded number of messages while a person scrolls back and forth", async () => {
      const chat = await open({ messages: [...all] });
      for (let page = 0; page < 8; page += 1) {
        const first = (await seqsOf(chat))[0] ?? 0;
        await scrollTo(chat, "top");
        await eventually("an older page", async () => ((await seqsOf(chat))[0] ?? 0) < first);
        const offset = await chat.log.evaluate(
          (node, seq) => (node.querySelector<HTMLElement>(`[data-seq="${seq}"]`)?.offsetTop ?? -1) - node.scrollTop,
          first,
        );
        assert.ok(offset >= 0 && offset < 120, `the message on top is ${offset} px away`);
        assert.ok((await chat.articles.count()) <= 240);
      }
      const reached = await seqsOf(chat);
      assert.ok((reached.at(-1) ?? 0) < 100_000);
      assert.deepEqual(
        reached,
        Array.from({ length: reached.length }, (_, index) => (reached[0] ?? 0) + index),
      );
      for (let last = reached.at(-1) ?? 0; last < 100_000; last = (await seqsOf(chat)).at(-1) ?? 0) {
        await scrollTo(chat, "bottom");
        await eventually("a newer page", async () => ((await seqsOf(chat)).at(-1) ?? 0) > last);
        assert.ok((await chat.articles.count()) <= 240);
      }
    });

    it("goes to a message far away that was found, and back to the newest", async () => {
      const chat = await open({ messages: [...all] });
      await chat.page.keyboard.press("Control+f");
      const found = chat.page.getByRole("combobox", { name: "Find in this chat" });
      await found.fill("text 4711");
      await chat.page.getByRole("option").filter({ hasText: "text 4711" }).last().waitFor();
      await found.press("ArrowUp"); // from the newest hit round to the oldest
      await found.press("Enter");
      await chat.page.locator('article[data-seq="4711"]').waitFor();
      assert.ok(await chat.page.locator('article[data-seq="4711"]').isVisible());
      await found.press("Escape");
      assert.equal(await chat.focused(), "4711");
      await chat.page.getByRole("button", { name: /Newest messages/ }).click();
      await chat.page.locator('article[data-seq="100000"]').waitFor();
      await eventually("the end", async () => !(await chat.page.locator(".newest").isVisible()));
    });
  });

  it("lists once what was found, however often one asks for more of it", async () => {
    const chat = await open({ messages: many(60) });
    const hits = many(60).map((each) => ({ message: each }));
    let asked = 0;
    const both = Promise.withResolvers<undefined>();
    chat.daemon.answer(search, async ({ before }) => {
      if (before === undefined) return { ok: true, hits: hits.slice(0, 50), next: 50 };
      asked += 1;
      if (asked === 2) both.resolve(undefined);
      await both.promise;
      return { ok: true, hits: hits.slice(50) };
    });
    await chat.page.keyboard.press("Control+f");
    await chat.page.keyboard.type("text");
    await chat.page.getByRole("option", { name: "Show more" }).dblclick();
    await eventually("the rest", async () => (await chat.page.getByRole("option").count()) === 60);
    await chat.page.getByText("60 found").waitFor();
  });

  it("shows nobody what another account has found", async () => {
    const chat = await open({ messages: many(3) });
    await chat.page.keyboard.press("Control+f");
    await chat.page.keyboard.type("text");
    await chat.page.getByRole("option").first().waitFor();
    chat.daemon.tell(sessionChanged, { session: erin });
    await chat.page.getByRole("option").first().waitFor({ state: "detached" });
    assert.ok(await chat.page.getByRole("combobox", { name: "Find in this chat" }).isHidden());
  });

  it("says why there are no messages as long as they cannot be read, whatever else changes", async () => {
    const chat = await open({ messages: many(3) });
    chat.daemon.answer(history, () => failure("unavailable", "The disk is full."));
    chat.daemon.setLink({ state: "connecting" });
    chat.daemon.setLink({ state: "connected" });
    const reason = chat.page.getByText("The messages cannot be shown: The disk is full.");
    await reason.waitFor();
    chat.daemon.tell(contactsChanged, { changed: [person("alan")], removed: [] });
    await chat.composer.pressSequentially("@ala");
    await chat.page.getByRole("option", { name: "@alan" }).waitFor();
    assert.ok(await reason.isVisible());
  });

  it("goes to what a message answers", async () => {
    const quote = { mid: "mid-2", seq: 2, from: "bob", text: "text 2" };
    const chat = await open({ messages: [...many(99), message(100, { quote })] });
    await chat.articles.last().getByRole("button", { name: "bob text 2" }).click();
    await chat.page.locator('article[data-seq="2"]').waitFor();
    await eventually("the focus to be there", async () => (await chat.focused()) === "2");
  });

  it("goes there by the keyboard, too", async () => {
    const quote = { mid: "mid-1", seq: 1, from: "bob", text: "text 1" };
    const chat = await open({ messages: [message(1), message(2, { quote })] });
    await chat.articles.last().focus();
    await chat.page.keyboard.press("Tab");
    await chat.page.keyboard.press("Enter");
    await eventually("the focus to be there", async () => (await chat.focused()) === "1");
  });

  it("is used by keyboard: one tab stop among the messages, arrows between them, Tab to what can be done", async () => {
    const chat = await open({ messages: [message(1), message(2, { own: true }), message(3)] });
    await chat.composer.focus();
    assert.equal(await chat.page.locator('article[tabindex="0"]').count(), 1);
    await chat.articles.last().focus();
    await chat.page.keyboard.press("ArrowUp");
    assert.equal(await chat.focused(), "2");
    const bar = chat.page.getByRole("toolbar", { name: "Message actions" });
    const names = await bar
      .getByRole("button")
      .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
    assert.deepEqual(names, ["React", "Reply", "Edit", "Copy", "Copy Link", "Delete"]);
    await chat.page.keyboard.press("Tab");
    await chat.page.keyboard.press("ArrowRight");
    await chat.page.keyboard.press("Enter");
    assert.match((await chat.page.locator(".strip").textContent()) ?? "", /Replying to bob: text 2/);
    assert.ok(await chat.composer.evaluate((box) => box === document.activeElement));
    await chat.page.keyboard.press("Escape");
    assert.ok(await chat.page.locator(".strip").isHidden());
  });

  it("offers the way back to the first unread message and to the newest, with their number", async () => {
    const chat = await open({ messages: many(50), contact: { unread: 30 } });
    await chat.log.evaluate((node) => (node.scrollTop = node.scrollHeight));
    const unread = chat.page.getByRole("button", { name: /First unread/ });
    await unread.click();
    await unread.waitFor({ state: "hidden" });
    assert.ok(await chat.page.getByRole("separator", { name: "New" }).isVisible());
    chat.daemon.tell(messagesChanged, { messages: [message(51), message(52)] });
    await chat.page.getByRole("button", { name: /2 new messages/ }).click();
    await eventually("the end", async () => chat.articles.last().isVisible());
  });
});
