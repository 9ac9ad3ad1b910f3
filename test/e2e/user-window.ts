// One person of an end-to-end test: a VS Code of their own with the packaged extension, and what they do in it, in the
// words of a person. Every step waits for what a person would see.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import type { TestBrowser } from "../support/vscode/browser.ts";
import type { VSCodeInstall } from "../support/vscode/install.ts";
import { acceptQuickInput, fillQuickInput, runCommand } from "../support/vscode/quick-input.ts";
import type { Settings } from "../support/vscode/settings.ts";
import { startUserVSCode } from "../support/vscode/user-instance.ts";
import type { UserVSCode } from "../support/vscode/user-instance.ts";
import { until } from "../support/vscode/until.ts";
import { clickTreeItem, findWebview, openView, openWorkbench, readTree } from "../support/vscode/workbench.ts";

export interface UserWindowOptions {
  readonly name: string;
  readonly folder: string;
  readonly install: VSCodeInstall;
  readonly browser: TestBrowser;
  readonly vsixFile: string;
  readonly colorScheme: "dark" | "light";
  readonly settings?: Settings;
}

const seeMs = 20_000;

export class UserWindow {
  readonly name: string;
  readonly page: Page;
  readonly #vscode: UserVSCode;

  private constructor(name: string, page: Page, vscode: UserVSCode) {
    this.name = name;
    this.page = page;
    this.#vscode = vscode;
  }

  static async moveIn(options: UserWindowOptions): Promise<UserWindow> {
    const { name, install, browser, vsixFile, colorScheme } = options;
    const home = join(options.folder, name);
    const folder = join(home, `${name}-project`);
    mkdirSync(folder, { recursive: true });
    const env = { CHAT_ROOM_HOME: join(home, "chat-room") };
    const settings = options.settings ?? {};
    const vscode = await startUserVSCode({ install, home, folder, vsixFile, env, settings });
    const page = await browser.openPage({ colorScheme, viewport: { width: 1100, height: 700 } });
    await openWorkbench(page, vscode.url);
    await openView(page, "Chat Room");
    return new UserWindow(name, page, vscode);
  }

  /** A second window of the same person: the same VS Code, the same daemon. */
  async openSecondWindow(): Promise<UserWindow> {
    const page = await this.page.context().newPage();
    await openWorkbench(page, this.#vscode.url);
    await openView(page, "Chat Room");
    return new UserWindow(this.name, page, this.#vscode);
  }

  /** Creates an account through the palette, which signs in. */
  async createAccount(server: string, password: string): Promise<void> {
    await runCommand(this.page, "Chat Room: Create Account");
    await this.#answerSignIn(server, password);
    await fillQuickInput(this.page, password, /The same password again/);
    await acceptQuickInput(this.page);
  }

  async signIn(server: string, password: string): Promise<void> {
    await runCommand(this.page, "Chat Room: Sign In");
    await this.#answerSignIn(server, password);
  }

  /** Waits until the tree has an entry that fits. */
  async seesInTree(what: RegExp): Promise<void> {
    let seen: string[] = [];
    const look = async (): Promise<true | undefined> => {
      seen = await readTree(this.page);
      return seen.some((label) => what.test(label)) ? true : undefined;
    };
    await until(`${this.name}'s tree to show ${String(what)}`, look, seeMs).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows ${JSON.stringify(seen)}`, { cause: error });
    });
  }

  async openChatFromTree(partner: string): Promise<void> {
    await clickTreeItem(this.page, partner);
    // What VS Code says about the row under the pointer would lie over the next row.
    await this.page.mouse.move(0, 0);
    await this.chatWith(partner);
  }

  /** The page of the chat; asked for anew each time, because VS Code may have replaced it. */
  async chatWith(partner: string): Promise<Frame> {
    const name = partner === "Everyone" ? "everyone" : partner;
    return findWebview(this.page, async (frame) => frame.getByRole("textbox", { name: `Message ${name}` }).isVisible());
  }

  async types(partner: string, text: string): Promise<void> {
    const name = partner === "Everyone" ? "everyone" : partner;
    const box = (await this.chatWith(partner)).getByRole("textbox", { name: `Message ${name}` });
    await box.fill(text);
    await box.press("Enter");
  }

  async messages(partner: string): Promise<Locator> {
    const name = partner === "Everyone" ? "everyone" : partner;
    return (await this.chatWith(partner)).getByRole("log", { name: `Messages with ${name}` }).getByRole("article");
  }

  /** Waits until the chat shows a message of that author with that text. */
  async sees(partner: string, author: string, text: string): Promise<void> {
    let seen: string[] = [];
    const look = async (): Promise<true | undefined> => {
      const articles = await this.messages(partner);
      seen = await articles.evaluateAll((all) =>
        all.map((each) => `${each.getAttribute("aria-label") ?? ""}\n${each.textContent}`),
      );
      return seen.some((each) => each.startsWith(author) && each.includes(text)) ? true : undefined;
    };
    await until(`${this.name} to see "${text}" by ${author}`, look, seeMs).catch((error: unknown) => {
      throw new Error(`${String(error)}; the chat shows ${JSON.stringify(seen)}`, { cause: error });
    });
  }

  /** The texts of the chat, in order. */
  async reads(partner: string): Promise<string[]> {
    return (await this.messages(partner)).evaluateAll((all) => all.map((each) => each.textContent));
  }

  async runs(command: string, ...answers: string[]): Promise<void> {
    await runCommand(this.page, `Chat Room: ${command}`);
    for (const answer of answers) {
      await fillQuickInput(this.page, answer);
      await acceptQuickInput(this.page);
    }
  }

  /** The folder of this person's daemon. */
  get chatRoomHome(): string {
    return join(this.#vscode.home, "chat-room");
  }

  async moveOut(): Promise<void> {
    await this.#vscode.dispose();
  }

  async #answerSignIn(server: string, password: string): Promise<void> {
    await fillQuickInput(this.page, server, /Address of the server/);
    await acceptQuickInput(this.page);
    await fillQuickInput(this.page, this.name, /User name/);
    await acceptQuickInput(this.page);
    await fillQuickInput(this.page, password, /Password/);
    await acceptQuickInput(this.page);
  }
}
