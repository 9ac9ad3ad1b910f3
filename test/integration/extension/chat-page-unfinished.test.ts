// What somebody has begun to write in the page of a chat and not finished: it survives refusals, reloads and other accounts,
// as what it is.

import assert from "node:assert/strict";
import { sessionChanged } from "../../../protocol/api/notifications.ts";
import { send } from "../../../protocol/conversations/kinds/text.ts";
import { draft, setDraft } from "../../../protocol/api/conversation.ts";
import { editMessage } from "../../../protocol/conversations/kinds/edit.ts";
import { failure } from "../../../protocol/errors.ts";
import { account } from "../../unit/extension/chat/conversation-stand-in.ts";
import { connectedSession, erin, message } from "../../unit/extension/stand-ins.ts";
import { chatsInBrowser, eventually } from "./open-chat.ts";
import type { OpenChat } from "./open-chat.ts";

describe("What is unfinished in the page of a chat", () => {
  const open = chatsInBrowser();
  const messages = () => [message(1), message(2, { own: true, text: "line 40" }), message(3, { own: true, text: "c" })];
  const editing = (chat: OpenChat) => chat.page.locator(".strip").filter({ hasText: "Editing your message" });
  const edits = (chat: OpenChat): unknown[] => chat.daemon.askedFor(editMessage.method);

  async function edit(chat: OpenChat, index: number, text: string): Promise<void> {
    await chat.articles.nth(index).hover();
    await chat.page.getByRole("button", { name: "Edit" }).click();
    await chat.composer.fill(text);
  }

  async function become(chat: OpenChat, session: typeof erin, shown: string): Promise<void> {
    chat.daemon.tell(sessionChanged, { session });
    await eventually(`the composer to show ${shown}`, async () => (await chat.composer.inputValue()) === shown);
  }

  it("is an edit still when it was refused, and what was written before it is there afterwards", async () => {
    const chat = await open({ messages: messages() });
    chat.daemon.answer(editMessage, () => failure("unavailable", "The connection was lost."));
    await chat.composer.fill("my next thought");
    await edit(chat, 1, "line 41");
    await chat.composer.press("Enter");
    await chat.page
      .getByRole("alert")
      .filter({ hasText: "The connection was lost. Your text is still here." })
      .waitFor();
    assert.equal(await chat.composer.inputValue(), "line 41");
    assert.ok(await editing(chat).isVisible());
    await chat.page.getByRole("button", { name: "Save" }).waitFor();
    chat.daemon.answer(editMessage, () => ({ ok: true }));
    await chat.composer.press("Enter");
    await eventually("the draft", async () => (await chat.composer.inputValue()) === "my next thought");
    assert.equal(edits(chat).length, 2);
    assert.deepEqual(edits(chat)[1], { conversation: "user:alice", mid: "mid-2", text: "line 41" });
    assert.deepEqual(chat.daemon.askedFor(send.method), []);
    assert.equal(await editing(chat).isVisible(), false);
  });

  it("waits with a refused edit until another one is done", async () => {
    const chat = await open({ messages: messages() });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    chat.daemon.answer(editMessage, async ({ mid }) => {
      if (mid !== "mid-2") return { ok: true };
      await promise;
      return failure("too_large", "Too long.");
    });
    await edit(chat, 1, "line 41");
    await chat.composer.press("Enter");
    await edit(chat, 2, "d");
    resolve(undefined);
    await chat.page.getByRole("alert").filter({ hasText: "Too long." }).waitFor();
    assert.equal(await chat.composer.inputValue(), "d");
    await chat.composer.press("Enter");
    await eventually("the first one", async () => (await chat.composer.inputValue()) === "line 41");
    assert.ok(await editing(chat).isVisible());
  });

  for (const outcome of ["stored", "refused"] as const) {
    it(`knows after a reload that the edit under way was ${outcome}`, async () => {
      const chat = await open({ messages: messages() });
      const { promise, resolve } = Promise.withResolvers<undefined>();
      chat.daemon.answer(editMessage, async ({ text }) => {
        await promise;
        if (outcome === "refused") return failure("too_large", "Too long.");
        chat.messages[1] = message(2, { own: true, text, edited: true });
        return { ok: true };
      });
      await edit(chat, 1, "line 41");
      await chat.composer.press("Enter");
      await eventually("it to be asked for", () => edits(chat).length === 1);
      chat.conversation.webviewGone();
      resolve(undefined);
      await chat.page.reload();
      await chat.articles.first().waitFor();
      const shown = outcome === "refused" ? "line 41" : "";
      await eventually("the composer", async () => (await chat.composer.inputValue()) === shown);
      assert.equal(await editing(chat).isVisible(), outcome === "refused");
    });
  }

  it("is there again when its account is: an edit, the answer that one writes", async () => {
    const chat = await open({ messages: messages() });
    await edit(chat, 1, "a long correction");
    await become(chat, erin, "");
    assert.equal(await editing(chat).isVisible(), false);
    await become(chat, connectedSession, "a long correction");
    assert.ok(await editing(chat).isVisible());
    await chat.composer.press("Escape");
    await chat.articles.first().hover();
    await chat.page.getByRole("button", { name: "Reply" }).click();
    await chat.composer.fill("yes");
    await become(chat, erin, "");
    assert.equal(await chat.page.locator(".strip").isVisible(), false);
    await become(chat, connectedSession, "yes");
    await chat.page.locator(".strip").filter({ hasText: "Replying to alice: text 1" }).waitFor();
  });

  it("is there after an update, under the names that the version before has kept it", async () => {
    const chat = await open({ messages: messages() });
    await chat.page.evaluate((state) => sessionStorage.setItem("state", JSON.stringify(state)), {
      conversation: "user:alice",
      name: "alice",
      account,
      draft: "my next thought",
      unkept: true,
      answering: { seq: 1, from: "alice", text: "text 1" },
      pending: [{ ticket: "never-sent", text: "on its way", atMs: 1 }],
    });
    await chat.page.reload();
    await chat.articles.first().waitFor();
    await eventually("both texts", async () => (await chat.composer.inputValue()) === "on its way\nmy next thought");
    await chat.page.locator(".strip").filter({ hasText: "Replying to alice: text 1" }).waitFor();
  });

  it("is there to the last key when its account is, though the daemon has only what was typed before", async () => {
    const chat = await open({ messages: messages() });
    await chat.composer.fill("first half");
    await eventually("it to be kept", () => chat.daemon.askedFor(setDraft.method).length === 1);
    await chat.composer.fill("first half and the second half");
    chat.daemon.answer(draft, () => ({ ok: true, text: "", revision: 0 }));
    await become(chat, erin, "");
    chat.daemon.answer(draft, () => ({ ok: true, text: "first half", revision: 1 }));
    await become(chat, connectedSession, "first half and the second half");
    await eventually("it to be kept", () =>
      chat.daemon.askedFor(setDraft.method).some((each) => JSON.stringify(each).includes("second half")),
    );
  });

  it("is there to the last key after a reload, though the page never heard that the daemon kept what came before", async () => {
    const chat = await open({ messages: messages() });
    let revision = 0;
    chat.daemon.answer(setDraft, ({ text }) => {
      chat.conversation.webviewGone(); // the answer finds nobody
      revision += 1;
      chat.daemon.answer(draft, () => ({ ok: true, text, revision }));
      return { ok: true, revision };
    });
    await chat.composer.fill("first half");
    await eventually("it to be kept", () => revision === 1);
    await chat.composer.fill("first half and the second half");
    await chat.page.reload();
    await chat.articles.first().waitFor();
    await eventually("it to be kept too", () => revision === 2);
    assert.equal(await chat.composer.inputValue(), "first half and the second half");
  });
});
