// The place of the end-to-end tests: a real server, a real browser, and people with a VS Code each. Everything lies in one
// temporary folder and is gone afterwards.

import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startChatServer } from "../support/server-process.ts";
import type { ChatServer } from "../support/server-process.ts";
import { launchBrowser } from "../support/vscode/browser.ts";
import type { TestBrowser } from "../support/vscode/browser.ts";
import { ensureVSCode } from "../support/vscode/install.ts";
import type { VSCodeInstall } from "../support/vscode/install.ts";
import { shortTemporaryRoot } from "../support/vscode/sandbox.ts";
import type { Settings } from "../support/vscode/settings.ts";
import { UserWindow } from "./user-window.ts";

const root = join(import.meta.dirname, "..", "..");

export class TestEnvironment {
  #server: ChatServer;
  readonly #folder: string;
  readonly #install: VSCodeInstall;
  readonly #browser: TestBrowser;
  readonly #residents: UserWindow[] = [];

  private constructor(server: ChatServer, folder: string, install: VSCodeInstall, browser: TestBrowser) {
    this.#server = server;
    this.#folder = folder;
    this.#install = install;
    this.#browser = browser;
  }

  static async build(options: { readonly serverArgs?: readonly string[] } = {}): Promise<TestEnvironment> {
    const install = await ensureVSCode((line) => console.log(line));
    const folder = mkdtempSync(join(shortTemporaryRoot(), "cr-e2e-"));
    const args = options.serverArgs ?? [];
    const server = await startChatServer({ data: join(folder, "server"), args });
    return new TestEnvironment(server, folder, install, await launchBrowser());
  }

  async welcome(name: string, colorScheme: "dark" | "light", settings: Settings = {}): Promise<UserWindow> {
    const vsixFile = join(root, "chat-room.vsix");
    const shared = { folder: this.#folder, install: this.#install, browser: this.#browser, vsixFile };
    const resident = await UserWindow.moveIn({ ...shared, name, colorScheme, settings });
    this.#residents.push(resident);
    return resident;
  }

  get serverAddress(): string {
    return `127.0.0.1:${this.#server.port}`;
  }

  get serverPort(): number {
    return this.#server.port;
  }

  /** The server dies as in a power cut. */
  async killServer(): Promise<void> {
    await this.#server.stop("SIGKILL");
  }

  /** On the same port, with the same data. */
  async restartServer(): Promise<void> {
    const { port, data } = this.#server;
    this.#server = await startChatServer({ port, data });
  }

  get residents(): readonly UserWindow[] {
    return this.#residents;
  }

  async dispose(): Promise<void> {
    await this.#browser.dispose();
    await Promise.all(this.#residents.map((resident) => resident.moveOut()));
    await this.#server.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
