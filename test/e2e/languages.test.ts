// A VS Code whose display language is one of those that Chat Room speaks. No language pack is installed: what VS Code says
// by itself stays English, what an extension says does not.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { startChatServer } from "../support/server-process.ts";
import type { ChatServer } from "../support/server-process.ts";
import { launchBrowser } from "../support/vscode/browser.ts";
import type { TestBrowser } from "../support/vscode/browser.ts";
import { ensureVSCode } from "../support/vscode/install.ts";
import { acceptQuickInput, fillQuickInput, runCommand } from "../support/vscode/quick-input.ts";
import { shortTemporaryRoot } from "../support/vscode/sandbox.ts";
import { keepFailures, screenshot } from "../support/vscode/screenshot.ts";
import { startUserVSCode } from "../support/vscode/user-instance.ts";
import type { UserVSCode } from "../support/vscode/user-instance.ts";
import { findWebview, openView, openWorkbench } from "../support/vscode/workbench.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(shortTemporaryRoot(), "cr-e2e-"));

function read(file: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as Record<string, string>;
}

describe("a VS Code in another language", () => {
  let server: ChatServer;
  let browser: TestBrowser;
  let vscode: UserVSCode;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    const install = await ensureVSCode((line) => console.log(line));
    const project = join(folder, "project");
    mkdirSync(project);
    server = await startChatServer({ data: join(folder, "server") });
    browser = await launchBrowser();
    const env = { CHAT_ROOM_HOME: join(folder, "chat-room") };
    const vsixFile = join(root, "chat-room.vsix");
    vscode = await startUserVSCode({ install, home: folder, folder: project, vsixFile, env });
  });

  keepFailures(() => [{ name: "carla", page }]);
  afterEach(() => page.context().close());

  after(async () => {
    await (browser as TestBrowser | undefined)?.dispose();
    await (vscode as UserVSCode | undefined)?.dispose();
    await (server as ChatServer | undefined)?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(language: string): Promise<void> {
    page = await browser.openPage({ viewport: { width: 1100, height: 700 } });
    await page.addInitScript((wanted) => Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: wanted }), language);
    await openWorkbench(page, vscode.url);
    await openView(page, "Chat Room");
  }

  for (const language of ["ja", "zh-cn", "de"]) {
    it(`says in ${language} how to begin, with nothing cut off`, async function () {
      this.timeout(120_000);
      const manifest = read(`package.nls.${language}.json`);
      await open(language);
      const commands = ["join", "signIn", "register", "startServer"];
      for (const name of commands) {
        const button = page
          .locator(".welcome-view-content")
          .getByRole("button", { name: manifest[`command.${name}`] ?? "" });
        await button.waitFor();
        assert.ok(await button.evaluate((node) => node.scrollWidth <= node.clientWidth), `${name} is cut off`);
      }
      const words = read(`l10n/bundle.l10n.${language}.json`)["Sign In"] ?? "";
      await page.locator(".statusbar").getByText(words, { exact: true }).waitFor();
      await screenshot(page, `welcome-${language}`);
    });
  }

  it("asks, and talks in the chat, in German", async function () {
    this.timeout(120_000);
    await open("de");
    await runCommand(page, "Chat Room: Konto erstellen");
    await fillQuickInput(page, `127.0.0.1:${server.port}`, /Adresse des Servers/);
    await acceptQuickInput(page);
    await fillQuickInput(page, "carla", /Benutzername/);
    await acceptQuickInput(page);
    await fillQuickInput(page, "correct horse", /Kennwort/);
    await acceptQuickInput(page);
    await fillQuickInput(page, "correct horse", /noch einmal/);
    await acceptQuickInput(page);
    await page.getByRole("button", { name: "Serveradresse kopieren" }).waitFor();
    await runCommand(page, "Chat Room: Chat öffnen");
    await fillQuickInput(page, "Alle", /Mit wem/);
    await acceptQuickInput(page);
    const chat = await findWebview(page, (frame) =>
      frame.getByRole("textbox", { name: "Nachricht an alle" }).isVisible(),
    );
    assert.equal(await chat.evaluate(() => document.documentElement.lang), "de");
    await chat.getByText("Noch wurde nichts an alle gesagt.").waitFor();
    await screenshot(page, "chat-de");
    await server.stop();
    // The daemon words it in English.
    const why = `An 127.0.0.1:${server.port} lauscht nichts. Läuft der Server? Chat Room versucht es weiter.`;
    await chat.getByText(why).waitFor();
    await screenshot(page, "unreachable-de");
  });
});
