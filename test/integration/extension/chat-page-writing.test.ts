// What is written in the page of a chat in a real browser: messages, answers, changes, and drafts that outlive the page.

import assert from "node:assert/strict";
import { maxDraft } from "../../../protocol/api/model.ts";
import { send } from "../../../protocol/conversations/kinds/text.ts";
import { draft, draftChanged, setDraft } from "../../../protocol/api/conversation.ts";
import { editMessage } from "../../../protocol/conversations/kinds/edit.ts";
import { typing } from "../../../protocol/conversations/kinds/typing.ts";
import { failure } from "../../../protocol/errors.ts";
import { message, person } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser, eventually } from "./open-chat.ts";

describe("Writing in the page of a chat", () => {
  const open = chatsInBrowser();

  it("sends an answer with what it answers", async () => {
    const chat = await open({ messages: [message(1), message(2)] });
    chat.daemon.answer(send, ({ text }) => ({ ok: true, message: message(3, { own: true, text }) }));
    await chat.articles.first().hover();
    await chat.page.getByRole("button", { name: "Reply" }).click();
    await chat.composer.fill("yes");
    await chat.composer.press("Enter");
    await chat.articles.nth(2).waitFor();
    assert.equal((chat.daemon.askedFor(send.method)[0] as { answers?: number }).answers, 1);
    assert.equal(await chat.composer.inputValue(), "");
  });

  it("changes the last own message by ArrowUp in an empty composer, and Escape gives that up", async () => {
    const chat = await open({ messages: [message(1, { own: true }), message(2)] });
    chat.daemon.answer(editMessage, () => ({ ok: true }));
    await chat.composer.press("ArrowUp");
    assert.equal(await chat.composer.inputValue(), "text 1");
    await chat.composer.press("Escape");
    assert.equal(await chat.composer.inputValue(), "");
    await chat.composer.press("ArrowUp");
    await chat.composer.fill("better");
    await chat.composer.press("Enter");
    await eventually("the change to be sent", () => chat.daemon.askedFor(editMessage.method).length === 1);
    assert.deepEqual(chat.daemon.askedFor(editMessage.method), [
      { conversation: "user:alice", mid: "mid-1", text: "better" },
    ]);
  });

  it("breaks the line by Enter in a block of code, and sends by Ctrl+Enter or behind its end", async () => {
    const chat = await open({ messages: [message(1)] });
    let seq = 1;
    chat.daemon.answer(send, ({ text }) => ({ ok: true, message: message((seq += 1), { own: true, text }) }));
    const hint = chat.page.getByRole("status").filter({ hasText: "You are in a block of code" });
    assert.equal(await hint.count(), 0);
    await chat.composer.pressSequentially("```ts\n@a\nlet b;");
    assert.equal(await chat.composer.inputValue(), "```ts\n@a\nlet b;");
    await hint.waitFor();
    await chat.composer.press("Control+Enter");
    await chat.articles.nth(1).waitFor();
    await chat.composer.pressSequentially("```\nc\n```\n");
    await chat.articles.nth(2).waitFor();
    assert.deepEqual(
      chat.daemon.askedFor(send.method).map((each) => (each as { text: string }).text),
      ["```ts\n@a\nlet b;", "```\nc\n```"],
    );
  });

  it("leaves Enter to the input method that composes a character", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.fill("にほん");
    const taken = await chat.composer.evaluate((box) => {
      const init = { key: "Enter", isComposing: true, bubbles: true, cancelable: true };
      return !box.dispatchEvent(new KeyboardEvent("keydown", init));
    });
    assert.equal(taken, false);
    assert.equal(await chat.composer.inputValue(), "にほん");
  });

  it("says of a text that is longer than any message that it is, and keeps it", async () => {
    const chat = await open({ messages: [message(1, { own: true })] });
    const text = "a".repeat(250_000);
    await chat.composer.fill(text);
    await chat.composer.press("Enter");
    await chat.page.getByRole("alert").filter({ hasText: "That is too long." }).waitFor();
    assert.equal((await chat.composer.inputValue()).length, text.length);
    await chat.composer.fill("");
    await chat.composer.press("ArrowUp");
    await chat.composer.fill(text);
    await chat.composer.press("Enter");
    await chat.page.getByRole("alert").filter({ hasText: "That is too long." }).waitFor();
    assert.equal((await chat.composer.inputValue()).length, text.length);
    assert.equal(chat.daemon.askedFor(send.method).length, 0);
  });

  it("offers names and commands while one writes", async () => {
    const chat = await open({ messages: [message(1)], others: [person("alan")] });
    await chat.composer.pressSequentially("hi @a");
    await chat.page.getByRole("option", { name: "@alan" }).waitFor();
    await chat.composer.press("ArrowDown");
    await chat.composer.press("Enter");
    assert.equal(await chat.composer.inputValue(), "hi @alice ");
    await chat.composer.fill("/bl");
    await chat.composer.pressSequentially("o");
    await chat.composer.press("Tab");
    await chat.composer.press("Enter");
    await eventually("the command", () => chat.asked.length === 1);
    assert.deepEqual(chat.asked, [{ kind: "act", token: "TOKEN", action: "block" }]);
  });

  it("offers and draws the names of however many contacts", async () => {
    const others = Array.from({ length: 2_000 }, (_, index) => person(`p${index}`));
    const chat = await open({ messages: [message(1, { text: "ping @p100, @p1999 and @p2000" })], others });
    await eventually("both to be drawn", async () => (await chat.page.locator(".mention").count()) === 2);
    assert.deepEqual(await chat.page.locator(".mention").allTextContents(), ["@p100", "@p1999"]);
    await chat.composer.pressSequentially("@p199");
    await chat.page.getByRole("option", { name: "@p1996" }).waitFor();
    assert.equal(await chat.page.getByRole("option").count(), 8);
    await chat.composer.press("ArrowDown");
    await chat.composer.press("Tab");
    assert.equal(await chat.composer.inputValue(), "@p1990 ");
  });

  it("gives up neither an answer nor a change when VS Code draws it anew", async () => {
    const chat = await open({ messages: [message(1), message(2, { own: true })] });
    await chat.articles.first().hover();
    await chat.page.getByRole("button", { name: "Reply" }).click();
    await chat.page.reload();
    await chat.page.locator(".strip").filter({ hasText: "Replying to alice: text 1" }).waitFor();
    await chat.composer.press("Escape");
    await chat.composer.press("ArrowUp");
    await chat.composer.fill("half changed");
    await chat.page.reload();
    await chat.page.locator(".strip").filter({ hasText: "Editing" }).waitFor();
    assert.equal(await chat.composer.inputValue(), "half changed");
  });

  it("keeps the draft with the daemon, has it after a reload, and takes one from another window", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.fill("half a thought");
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length > 0);
    assert.equal(chat.daemon.askedFor(typing.method).length, 1);
    chat.conversation.webviewGone();
    await chat.page.evaluate(() => sessionStorage.clear());
    await chat.page.reload();
    await eventually("the draft", async () => (await chat.composer.inputValue()) === "half a thought");
    chat.daemon.tell(draftChanged, { conversation: "user:alice", text: "from elsewhere", revision: 2 });
    await eventually("the other draft", async () => (await chat.composer.inputValue()) === "from elsewhere");
  });

  it("keeps a draft that is too long to be sent, and says of one that is too long to be kept", async () => {
    const chat = await open({ messages: [message(1)] });
    const long = "x".repeat(maxDraft);
    await chat.composer.fill(long.slice(0, 100_000));
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length === 1);
    await chat.composer.fill(`${long}x`);
    await chat.page.getByText("So long a text is kept only while this chat is open.").waitFor();
    await chat.composer.fill(long);
    await eventually("this one to be kept", () => chat.daemon.askedFor(setDraft.method).length === 2);
    assert.equal(await chat.page.getByText("So long a text is kept").count(), 0);
  });

  it("prefers what was written here and not kept yet to what the daemon has, and keeps it then", async () => {
    const chat = await open({ messages: [message(1)] });
    chat.daemon.answer(setDraft, () => failure("unavailable"));
    await chat.composer.fill("newer");
    await eventually("the daemon to refuse", () => chat.daemon.askedFor(setDraft.method).length > 0);
    chat.daemon.answer(draft, () => ({ ok: true, text: "older", revision: 0 }));
    chat.daemon.answer(setDraft, () => ({ ok: true, revision: 1 }));
    chat.conversation.webviewGone();
    await chat.page.reload();
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length > 1);
    assert.equal(await chat.composer.inputValue(), "newer");
  });

  it("takes what the daemon has when VS Code gives it an old copy of what was written here", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.fill("an old thought");
    const old = await chat.page.evaluate(() => Object.entries(sessionStorage));
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length > 0);
    await chat.composer.fill("a new thought");
    await eventually("it to be kept too", () => chat.daemon.askedFor(setDraft.method).length > 1);
    chat.conversation.webviewGone();
    await chat.page.evaluate(
      (state) => state.forEach(([key, value]) => sessionStorage.setItem(key, String(value))),
      old,
    );
    await chat.page.reload();
    await eventually("the new one", async () => (await chat.composer.inputValue()) === "a new thought");
    assert.equal(chat.daemon.askedFor(setDraft.method).length, 2);
  });

  it("gives the daemon again what it forgot in a crash", async () => {
    const chat = await open({ messages: [message(1)] });
    await chat.composer.fill("written twice");
    await eventually("the draft to be kept", () => chat.daemon.askedFor(setDraft.method).length > 0);
    chat.daemon.tell(draftChanged, { conversation: "user:alice", text: "", revision: 0 });
    await eventually("it to be kept again", () => chat.daemon.askedFor(setDraft.method).length > 1);
    assert.equal(await chat.composer.inputValue(), "written twice");
  });
});
