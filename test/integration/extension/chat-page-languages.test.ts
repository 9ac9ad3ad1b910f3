// The page of a chat in the languages that Chat Room speaks: translated throughout, and nothing of it cut off.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { useTranslations } from "../../../extension/ui/l10n.ts";
import { failure } from "../../../protocol/errors.ts";
import { openChatPage } from "../../support/chat-page.ts";
import type { ChatPage } from "../../support/chat-page.ts";
import { launchBrowser } from "../../support/vscode/browser.ts";
import type { TestBrowser } from "../../support/vscode/browser.ts";
import { message } from "../../unit/extension/stand-ins.ts";

const root = join(import.meta.dirname, "..", "..", "..");
/** As a daemon words it. */
const refused = failure("no_such_user", "There is no user dave on this server.");
const failed = message(2, { own: true, state: "failed", failure: refused, sentAtMs: Date.now() });

const languages = [
  {
    language: "de",
    log: "Nachrichten mit alice",
    composer: "Nachricht an alice",
    send: "Senden",
    today: "Heute",
    failed: "Fehlgeschlagen: Auf diesem Server gibt es keinen Benutzer dave.",
    verify: "Verifizieren",
  },
  {
    language: "ja",
    log: "alice とのメッセージ",
    composer: "alice へのメッセージ",
    send: "送信",
    today: "今日",
    failed: "失敗: このサーバーにユーザー dave は存在しません。",
    verify: "検証",
  },
  {
    language: "zh-cn",
    log: "与 alice 的消息",
    composer: "发送给 alice 的消息",
    send: "发送",
    today: "今天",
    failed: "失败: 此服务器上没有用户 dave。",
    verify: "验证",
  },
] as const;

describe("The page of a chat", () => {
  let browser: TestBrowser;
  let chat: ChatPage | undefined;

  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    useTranslations(english);
    await chat?.dispose();
    chat = undefined;
  });
  after(() => browser.dispose());

  for (const { language, ...words } of languages) {
    it(`speaks ${language}, and shows all of it where there is little room`, async () => {
      const texts = JSON.parse(await readFile(join(root, "l10n", `bundle.l10n.${language}.json`), "utf8")) as Record<
        string,
        string
      >;
      useTranslations((text, ...given) => english(texts[text] ?? text, ...given), language);
      chat = await openChatPage(browser, {
        messages: [message(1, { sentAtMs: Date.now() }), failed],
        contact: { key: { pin: "a".repeat(43), verified: true, changed: "b".repeat(43) } },
        viewport: { width: 300, height: 640 },
        language,
        texts,
      });
      const { page } = chat;
      await page.getByRole("log", { name: words.log }).waitFor();
      await page.getByRole("textbox", { name: words.composer, exact: true }).waitFor();
      await page.getByRole("button", { name: words.send, exact: true }).waitFor();
      await page.getByRole("separator", { name: words.today }).waitFor();
      await page.getByText(words.failed).waitFor();
      await page.getByRole("button", { name: words.verify, exact: true }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      const day = new Intl.DateTimeFormat(language, { dateStyle: "full" }).format(new Date());
      assert.ok((await page.locator("time").first().getAttribute("title"))?.startsWith(day));
      assert.deepEqual(await page.evaluate(cutOff), []);
    });
  }
});

function english(text: string, ...given: (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index) => String(given[Number(index)] ?? whole));
}

/** What stands out of its box, where the box hides it. Runs in the page. */
function cutOff(): string[] {
  const shown = [...document.querySelectorAll<HTMLElement>(".banner, .banner *, .composer button, .state, .separator")];
  return shown
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
    .map((each) => each.innerText);
}
