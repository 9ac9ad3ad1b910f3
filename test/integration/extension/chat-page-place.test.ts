// The place where a person reads in the page of a chat in a real browser: by eye, with the focus and with a screen reader.
// What happens around it leaves it alone, and is told once.

import assert from "node:assert/strict";
import { contactsChanged, messagesChanged } from "../../../protocol/api/notifications.ts";
import { send } from "../../../protocol/conversations/kinds/text.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import { message, person } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser, eventually } from "./open-chat.ts";
import type { OpenChat } from "./open-chat.ts";

const pageOf = (from: number, to: number, changes: Partial<ChatMessage> = {}): ChatMessage[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index, changes));

interface Place {
  readonly seq: string;
  readonly offset: number;
}

/** The message on top, and how far it is scrolled. */
const placeIn = ({ log }: OpenChat): Promise<Place> =>
  log.evaluate((node) => {
    const articles = [...node.querySelectorAll<HTMLElement>("article")];
    const top = articles.find((each) => each.offsetTop + each.offsetHeight > node.scrollTop);
    return { seq: top?.dataset["seq"] ?? "", offset: (top?.offsetTop ?? 0) - node.scrollTop };
  });

/** The place once the page has drawn what it draws late: the same, at the same height, two frames later. */
async function placeAtRest(chat: OpenChat): Promise<Place> {
  const look = async (): Promise<string> => {
    const height = await chat.log.evaluate((node) => node.scrollHeight);
    return JSON.stringify([await placeIn(chat), height]);
  };
  await eventually("the page to be at rest", async () => {
    const before = await look();
    await chat.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return (await look()) === before;
  });
  return placeIn(chat);
}

/** Scrolls, and waits until the page knows. */
async function scrollTo(chat: OpenChat, top: (end: number) => number): Promise<void> {
  const end = await chat.log.evaluate((node) => node.scrollHeight - node.clientHeight);
  await chat.log.evaluate((node, to) => (node.scrollTop = to), top(end));
  const { seq } = await placeIn(chat);
  const told = (): Promise<string> => chat.page.evaluate(() => sessionStorage.getItem("state") ?? "");
  await eventually("the place to be kept", async () => (await told()).includes(`"anchor":${seq}`));
}

describe("The place where one reads in the page of a chat", () => {
  const open = chatsInBrowser();

  it("stays when new messages push others out of what is drawn, also close to the end", async () => {
    const chat = await open({ messages: pageOf(1, 400) });
    for (let drawn = 60; drawn < 240; drawn += 60) {
      await chat.log.evaluate((node) => (node.scrollTop = 0));
      await eventually("an older page", async () => (await chat.articles.count()) > drawn);
    }
    await scrollTo(chat, (end) => end - 100);
    const place = await placeIn(chat);
    chat.daemon.tell(messagesChanged, { messages: pageOf(401, 403) });
    await chat.page.getByRole("button", { name: "3 new messages" }).waitFor();
    assert.equal(await chat.articles.count(), 200);
    assert.equal(await chat.articles.last().getAttribute("data-seq"), "403");
    assert.deepEqual(await placeIn(chat), place);
  });

  it("stays when the panel gets another width", async () => {
    const chat = await open({ messages: pageOf(1, 60, { text: "word ".repeat(100) }) });
    await scrollTo(chat, (end) => Math.floor(end / 2));
    const place = await placeAtRest(chat);
    for (const width of [360, 720]) {
      const height = await chat.log.evaluate((node) => node.scrollHeight);
      await chat.page.setViewportSize({ width, height: 640 });
      await eventually("other lines", async () => (await chat.log.evaluate((node) => node.scrollHeight)) !== height);
      await eventually("the place", async () => (await placeIn(chat)).seq === place.seq);
      assert.equal((await placeIn(chat)).offset, place.offset);
    }
  });

  it("goes to the first unread message when that is asked for from outside, and the caret to the composer", async () => {
    const chat = await open({ messages: pageOf(1, 200) });
    await scrollTo(chat, (end) => Math.floor(end / 2));
    const news = pageOf(201, 230);
    chat.messages.push(...news);
    chat.daemon.tell(messagesChanged, { messages: news });
    chat.daemon.tell(contactsChanged, { changed: [person("alice", { unread: 30 })], removed: [] });
    chat.conversation.focusComposer();
    await chat.conversation.show("unread");
    await eventually("the first unread one", async () => (await placeIn(chat)).seq === "201");
    await chat.page.getByText("New", { exact: true }).waitFor();
    assert.equal(await chat.composer.evaluate((composer) => composer === document.activeElement), true);
  });

  it("says where the unread messages are when they are below, and goes there", async () => {
    const chat = await open({ messages: pageOf(1, 200) });
    await scrollTo(chat, (end) => Math.floor(end / 2));
    const place = await placeIn(chat);
    const news = pageOf(201, 230);
    chat.messages.push(...news);
    chat.daemon.tell(contactsChanged, { changed: [person("alice", { unread: 30 })], removed: [] });
    await chat.page.reload();
    await eventually("the place", async () => (await placeIn(chat)).seq === place.seq);
    await chat.page.getByRole("button", { name: "↓ First unread message" }).click();
    await eventually("the first unread one", async () => (await placeIn(chat)).seq === "201");
  });

  it("stays when VS Code draws the page anew, however often", async () => {
    const chat = await open({ messages: pageOf(1, 200) });
    await scrollTo(chat, (end) => Math.floor(end / 2));
    const { seq } = await placeIn(chat);
    for (let round = 0; round < 3; round += 1) {
      chat.conversation.webviewGone();
      await chat.page.reload();
      await chat.articles.first().waitFor();
      await eventually("the place", async () => (await placeIn(chat)).seq === seq);
    }
  });

  it("moves with the button that leads elsewhere, and the focus with it", async () => {
    const chat = await open({ messages: pageOf(1, 50), contact: { unread: 30 } });
    await chat.log.evaluate((node) => (node.scrollTop = node.scrollHeight));
    await chat.page.getByRole("button", { name: /First unread/ }).press("Enter");
    await eventually("the focus on the message", async () => (await chat.focused()) === "21");
    await chat.page.getByRole("button", { name: /Newest messages/ }).press("Enter");
    await eventually("the end", async () => await chat.page.locator(".newest").isHidden());
    assert.ok(await chat.composer.evaluate((box) => box === document.activeElement));
  });

  it("is the last message for the keyboard when the one with the focus is not drawn any more", async () => {
    const chat = await open({ messages: pageOf(1, 60) });
    await chat.articles.first().focus();
    await chat.log.evaluate((node) => (node.scrollTop = node.scrollHeight));
    await chat.page.locator(".newest").waitFor({ state: "hidden" });
    chat.daemon.tell(messagesChanged, { messages: pageOf(61, 360) });
    await eventually("the focus", async () => (await chat.focused()) === "360");
  });

  it("is told each new message once, and nothing that only looks different", async () => {
    const chat = await open({ messages: [...pageOf(1, 80), message(81, { own: true })] });
    await chat.page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      const log = document.querySelector("[role=log]");
      if (log === null) throw new Error("There is no log.");
      new MutationObserver((changes) => {
        for (const node of changes.flatMap((each) => [...each.addedNodes])) {
          const part = node instanceof Element ? node : node.parentElement;
          if (part?.closest("[aria-live]")?.getAttribute("aria-live") === "off") continue;
          heard.push(part?.closest("article")?.querySelector(".text")?.textContent ?? part?.outerHTML ?? "");
        }
      }).observe(log, { subtree: true, childList: true, characterData: true });
    });
    const stored = Promise.withResolvers<undefined>();
    const own = message(83, { own: true, text: "mine", mid: "mine", state: "sending" });
    chat.daemon.answer(send, async ({ mid }) => {
      await stored.promise;
      return { ok: true, message: { ...own, mid: mid ?? "" } };
    });
    const news = message(82, { text: "news" });
    chat.daemon.tell(messagesChanged, { messages: [news] });
    await chat.articles.filter({ hasText: "news" }).hover();
    await chat.page.getByRole("toolbar").waitFor();
    const reactions = [{ emoji: "🎉", from: ["bob"] }];
    chat.daemon.tell(messagesChanged, {
      messages: [{ ...news, reactions }, message(81, { own: true, state: "read" })],
    });
    await chat.page.getByRole("button", { name: "🎉 1: bob" }).waitFor();
    await chat.composer.fill("mine");
    await chat.composer.press("Enter");
    await chat.page.getByText("Sending…").waitFor();
    stored.resolve(undefined);
    await chat.page.locator('article[data-seq="83"]').waitFor();
    assert.deepEqual(await chat.page.evaluate(() => (window as unknown as { heard: string[] }).heard), [
      "news",
      "mine",
    ]);
  });
});
