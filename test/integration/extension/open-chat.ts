// One browser for a suite, and a chat in it for each test: what a person finds in it, by the names that a person hears.

import type { Locator } from "playwright-core";
import { openChatPage } from "../../support/chat-page.ts";
import type { ChatPage, ChatPageOptions } from "../../support/chat-page.ts";
import { launchBrowser } from "../../support/vscode/browser.ts";
import type { TestBrowser } from "../../support/vscode/browser.ts";
import { until } from "../../support/vscode/until.ts";

const waitMs = 10_000;

/** A chat with alice. */
export interface OpenChat extends ChatPage {
  readonly articles: Locator;
  readonly composer: Locator;
  readonly log: Locator;
  /** The `seq` of the message that has the focus, or an empty text. */
  focused(): Promise<string>;
}

/** To be called in a `describe`. What it answers opens a chat, which is closed after the test. */
export function chatsInBrowser(): (options: ChatPageOptions) => Promise<OpenChat> {
  let browser: TestBrowser;
  const opened: ChatPage[] = [];
  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.dispose()));
  });
  after(() => browser.dispose());

  return async (options) => {
    const chat = await openChatPage(browser, options);
    opened.push(chat);
    const { page } = chat;
    const articles = page.getByRole("article");
    await articles.first().waitFor();
    return {
      ...chat,
      articles,
      composer: page.getByRole("textbox", { name: "Message alice" }),
      log: page.getByRole("log", { name: "Messages with alice" }),
      focused: () => page.evaluate(() => document.activeElement?.getAttribute("data-seq") ?? ""),
    };
  };
}

export function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<true> {
  return until(what, async () => ((await holds()) ? true : undefined), waitMs);
}
