// What surrounds the words of a message in the page of a chat: its toolbar, its marks, the way back to the newest, and the
// place of a few of them.

import assert from "node:assert/strict";
import { markRead, markUnread } from "../../../protocol/conversations/kinds/read-mark.ts";
import { react } from "../../../protocol/conversations/kinds/reaction.ts";
import { contactsChanged, messagesChanged } from "../../../protocol/api/notifications.ts";
import { message, person } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser, eventually } from "./open-chat.ts";

const letters = "--vscode-font-weight: normal; --vscode-font-size: 13px; --vscode-font-family: sans-serif;";

describe("Around a message in the page of a chat", () => {
  const open = chatsInBrowser();

  it("puts a few messages above the composer, and many from the top", async () => {
    const few = await open({ messages: [message(1), message(2)] });
    const gap = async (chat: typeof few): Promise<number> => {
      const [log, last] = [await chat.log.boundingBox(), await chat.articles.last().boundingBox()];
      assert.ok(log && last);
      return log.y + log.height - last.y - last.height;
    };
    assert.ok((await gap(few)) < 40);
    assert.ok(await few.log.evaluate((log) => log.scrollHeight === log.clientHeight));
    const many = await open({ messages: Array.from({ length: 60 }, (_, index) => message(index + 1)) });
    assert.ok((await gap(many)) < 40);
    assert.equal(await many.log.evaluate((log) => log.scrollTop > 0 && log.firstElementChild !== null), true);
  });

  it("draws up to three emoji larger where there is nothing else", async () => {
    const texts = ["🎉", "👍🏽 ❤️", ":tada: 👩‍💻 🏳️‍🌈", "🎉🎉🎉🎉", "🎉 done", "`🎉`", "1 2"];
    const chat = await open({ messages: texts.map((text, index) => message(index + 1, { text })), theme: letters });
    const sizes = await chat.articles
      .locator(".text")
      .evaluateAll((all) => all.map((each) => parseFloat(getComputedStyle(each).fontSize) > 20));
    assert.deepEqual(sizes, [true, true, true, false, false, false, false]);
  });

  it("moves nothing when a message turns out to be edited", async () => {
    const texts = ["first", "second", "- a\n- b", "```ts\nlet a;\n```"];
    const messages = texts.map((text, index) => message(index + 1, { text }));
    const chat = await open({ messages, theme: letters });
    const places = () => chat.articles.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
    const before = await places();
    chat.daemon.tell(messagesChanged, { messages: messages.map((each) => ({ ...each, edited: true })) });
    await eventually("all to be marked", async () => (await chat.page.getByText("(edited)").count()) === 4);
    assert.deepEqual(await places(), before);
    assert.equal(await chat.articles.nth(1).locator("p").innerText(), "second (edited)");
  });

  for (const width of [280, 460, 1_000]) {
    it(`says the time of a message that goes on without covering its words in a panel of ${width} px`, async () => {
      const viewport = { width, height: 640 };
      const text =
        "words that go on to the end of the line and beyond it, as they do in narrow panels more than in wide ones";
      const chat = await open({ messages: [message(1), message(2, { text })], viewport, theme: letters });
      await chat.articles.nth(1).hover();
      const bar = chat.page.getByRole("toolbar");
      await bar.waitFor();
      assert.match(await bar.locator("time").innerText(), /\d:\d\d/);
      const [shown, words] = [await bar.boundingBox(), await chat.articles.nth(1).locator("p").boundingBox()];
      assert.ok(shown && words && shown.y + shown.height <= words.y + 2, JSON.stringify([shown, words]));
      await chat.articles.first().hover({ position: { x: 5, y: 5 } });
      assert.equal(await bar.locator("time").count(), 0, "above the first one it is said already");
    });
  }

  it("opens the choice of reactions by the keyboard, and gives the focus back with Escape", async () => {
    const chat = await open({ messages: [message(1), message(2)] });
    await chat.articles.nth(1).focus();
    await chat.page.keyboard.press("Tab");
    const focused = (): Promise<string | undefined> =>
      chat.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? undefined);
    assert.equal(await focused(), "React");
    await chat.page.keyboard.press("Enter");
    assert.equal(await focused(), "React with 👍");
    await chat.page.keyboard.press("ArrowRight");
    assert.equal(await focused(), "React with ❤️");
    await chat.page.keyboard.press("Escape");
    assert.equal(await chat.focused(), "2");
    assert.equal(await chat.page.getByRole("button", { name: "React", exact: true }).count(), 1);
    await chat.page.keyboard.press("Tab");
    await chat.page.keyboard.press("Escape");
    assert.equal(await chat.focused(), "2");
  });

  it("opens the line of a file that stands in code, and nothing else that stands there", async () => {
    const text = "`src/retry.js:12` `127.0.0.1:8765` `../x.ts:1` src/plain.ts:3";
    const chat = await open({ messages: [message(1, { text })] });
    assert.deepEqual(await chat.page.getByRole("link").allInnerTexts(), ["src/retry.js:12"]);
    await chat.page.getByRole("link").press("Enter");
    const opened = () => chat.asked.flatMap((each) => (each.kind === "open" ? [each.url] : []));
    await eventually("the line", () => opened().length === 1);
    assert.deepEqual(opened(), ["workspace-file:src/retry.js:12"]);
  });

  it("does what was chosen in the menu of a message, which says to VS Code whose it is", async () => {
    const messages = [message(1), message(2, { own: true }), message(3, { deleted: true })];
    const chat = await open({ messages });
    const contexts = await chat.articles.evaluateAll((all) => all.map((each) => each.dataset["vscodeContext"]));
    assert.deepEqual(contexts, [
      '{"webviewSection":"chatRoomMessage.other","conversation":"user:alice","seq":1}',
      '{"webviewSection":"chatRoomMessage.own","conversation":"user:alice","seq":2}',
      undefined,
    ]);
    await chat.post({ kind: "chosen", action: "reply", seq: 1 });
    await chat.page.getByText("Replying to alice").waitFor();
    await chat.post({ kind: "chosen", action: "edit", seq: 2 });
    await chat.page.getByText("Editing your message").waitFor();
    await chat.post({ kind: "chosen", action: "react", seq: 1 });
    await chat.page.getByRole("button", { name: "React with 👍" }).waitFor();
    await chat.post({ kind: "chosen", action: "copy", seq: 2 });
    await eventually("the copy", () => chat.asked.some((each) => each.kind === "take" && each.seq === 2));
    await chat.post({ kind: "chosen", action: "link", seq: 2 });
    await eventually("the link", () => chat.asked.some((each) => each.kind === "link" && each.seq === 2));
  });

  it("draws the line New where the person marks it unread, and marks nothing as read while they look on", async () => {
    const chat = await open({ messages: [message(1), message(2), message(3, { own: true })] });
    chat.daemon.answer(markUnread, () => {
      chat.daemon.tell(contactsChanged, { changed: [person("alice", { unread: 1 })], removed: [] });
      return { ok: true };
    });
    await eventually("the reading", () => chat.daemon.askedFor(markRead.method).length === 1);
    assert.equal(await chat.page.getByText("New", { exact: true }).count(), 0);
    await chat.articles.nth(2).focus();
    assert.equal(await chat.page.getByRole("button", { name: "Mark Unread from Here" }).count(), 0, "own");
    await chat.articles.nth(1).focus();
    await chat.page.getByRole("button", { name: "Mark Unread from Here" }).press("Enter");
    await chat.page.getByText("New", { exact: true }).waitFor();
    assert.deepEqual(chat.daemon.askedFor(markUnread.method), [{ conversation: "user:alice", from: 2 }]);
    const next = await chat.page.getByText("New", { exact: true }).evaluate((line) => {
      return line.closest(".new")?.nextElementSibling?.getAttribute("data-seq");
    });
    assert.equal(next, "2");
    chat.messages.push(message(4));
    chat.daemon.tell(messagesChanged, { messages: [message(4)] });
    await chat.articles.nth(3).waitFor();
    assert.equal(chat.daemon.askedFor(markRead.method).length, 1);
  });

  it("takes any emoji as a reaction, by a word of its name or as itself, by the keyboard", async () => {
    const chat = await open({ messages: [message(1), message(2)] });
    chat.daemon.answer(react, () => ({ ok: true }));
    const reactWith = async (typed: string): Promise<void> => {
      await chat.articles.nth(1).focus();
      await chat.page.keyboard.press("Tab");
      await chat.page.keyboard.press("Enter");
      await chat.page.keyboard.press("ArrowLeft");
      await chat.page.keyboard.type(typed);
      const offered = chat.page.getByRole("button", { name: /^React with/ });
      if (typed === ":upwards") assert.deepEqual(await offered.allInnerTexts(), ["📈"]);
      await chat.page.keyboard.press("Enter");
      assert.equal(await chat.focused(), "2");
    };
    for (const typed of [":upwards", "test tube", "🦭"]) await reactWith(typed);
    const asked = () => chat.daemon.askedFor(react.method).map((each) => (each as { emoji: string }).emoji);
    await eventually("three reactions", () => asked().length === 3);
    assert.deepEqual(asked(), ["📈", "🧪", "🦭"]);
  });

  it("shows one chip for an emoji that is spelled in two ways", async () => {
    const reactions = [
      { emoji: "\u2764", from: ["alice"] },
      { emoji: "\u2764\uFE0F", from: ["carol"] },
    ];
    const chat = await open({ messages: [message(1, { reactions })] });
    assert.equal(await chat.page.locator(".reaction").count(), 1);
    assert.equal(await chat.page.locator(".reaction").getAttribute("aria-label"), "\u2764\uFE0F 2: alice, carol");
  });

  it("lets no word through the way to the newest messages, whatever the theme's button is", async () => {
    for (const ground of [
      "",
      "--vscode-button-secondaryBackground: #00000000;",
      "--vscode-editor-background: #1f1f1f;",
    ]) {
      const messages = Array.from({ length: 60 }, (_, index) => message(index + 1));
      const chat = await open({ messages, theme: letters + ground });
      await chat.log.evaluate((log) => (log.scrollTop = 0));
      const pill = chat.page.getByRole("button", { name: /Newest messages/ });
      await pill.waitFor();
      for (const state of ["", "hover"]) {
        if (state === "hover") await pill.hover();
        const colour = await pill.evaluate((each) => getComputedStyle(each).backgroundColor);
        assert.match(colour, /^rgb\(/, `${ground} ${state}`);
      }
    }
  });

  it("quotes words, not Markdown that was cut", async () => {
    const quote = { mid: "0", seq: 1, from: "alice", text: "see **the** [docs](https://a.example/long…" };
    const chat = await open({ messages: [message(1), message(2, { quote })] });
    assert.equal(await chat.page.locator(".quoted .words").innerText(), "see the docs…");
  });

  it("promises nothing of a person whom the server does not have", async () => {
    const chat = await open({ messages: [message(1)], contact: { presence: "offline" } });
    const placeholder = () => chat.composer.getAttribute("placeholder");
    await eventually("the promise", async () => (await placeholder())?.includes("will get it") === true);
    chat.daemon.tell(contactsChanged, { changed: [], removed: ["user:alice"] });
    await chat.page.getByText("There is no user of that name on this server.").waitFor();
    assert.equal(await placeholder(), "Message alice");
  });

  it("has room for words in a panel of 200 px", async () => {
    const chat = await open({ messages: [message(1)], viewport: { width: 200, height: 480 }, theme: letters });
    const send = chat.page.getByRole("button", { name: "Send" });
    assert.equal(await send.locator(".words").isVisible(), false);
    assert.equal(await send.locator(".codicon-send").isVisible(), true);
    const box = await chat.composer.boundingBox();
    assert.ok(box && box.width >= 100, JSON.stringify(box));
  });

  it("says Save while a message is edited", async () => {
    const chat = await open({ messages: [message(1, { own: true })] });
    await chat.articles.first().hover();
    await chat.page.getByRole("button", { name: "Edit" }).click();
    await chat.page.getByRole("button", { name: "Save" }).waitFor();
    assert.equal(await chat.page.getByRole("button", { name: "Send" }).count(), 0);
    await chat.page.keyboard.press("Escape");
    await chat.page.getByRole("button", { name: "Send" }).waitFor();
  });
});
