// Watches a person's browser while somebody tries to make it run, load or go somewhere: every request of every frame,
// every complaint about a content security policy, every navigation, window and dialog; and a canary that listens on this
// machine for what slipped past all that.

import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import type { Frame, Page, Request } from "playwright-core";

export class Witness {
  /** What must not have happened, in words. */
  readonly seen: string[] = [];
  readonly #page: Page;
  readonly #canary: Server;
  readonly #listeners: readonly (() => void)[];
  /** Asked for, and not seen yet. */
  #reloads = 0;

  private constructor(page: Page, canary: Server) {
    this.#page = page;
    this.#canary = canary;
    canary.on("connection", (socket) => {
      this.seen.push("the canary was reached");
      socket.destroy();
    });
    const context = page.context();
    const on = (add: () => void, remove: () => void): (() => void) => {
      add();
      return remove;
    };
    const request = (each: Request): void => this.#requested(each);
    const opened = (): void => void this.seen.push("a window was opened");
    const moved = (frame: Frame): void => {
      if (frame !== page.mainFrame()) return;
      if (this.#reloads > 0) this.#reloads -= 1;
      else this.seen.push(`the window went to ${frame.url()}`);
    };
    const complained = (message: { text(): string }): void => {
      if (/Content Security Policy/i.test(message.text())) this.seen.push(message.text());
    };
    const asked = (): void => void this.seen.push("a dialog or download was opened");
    this.#listeners = [
      on(
        () => context.on("request", request),
        () => context.off("request", request),
      ),
      on(
        () => context.on("page", opened),
        () => context.off("page", opened),
      ),
      on(
        () => page.on("framenavigated", moved),
        () => page.off("framenavigated", moved),
      ),
      on(
        () => page.on("console", complained),
        () => page.off("console", complained),
      ),
      on(
        () => page.on("dialog", asked),
        () => page.off("dialog", asked),
      ),
      on(
        () => page.on("download", asked),
        () => page.off("download", asked),
      ),
    ];
  }

  /** Before anything hostile is said. Every frame of the page can call `wasRun(id)`. */
  static async watch(page: Page): Promise<Witness> {
    const canary = createServer();
    await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
    const witness = new Witness(page, canary);
    await page.exposeFunction("wasRun", (id: unknown) => witness.seen.push(`the script of ${String(id)} ran`));
    return witness;
  }

  get canary(): string {
    return `127.0.0.1:${(this.#canary.address() as AddressInfo).port}`;
  }

  /** The one way in which the window may go somewhere. */
  async reload(): Promise<void> {
    this.#reloads += 1;
    await this.#page.reload();
  }

  async dispose(): Promise<void> {
    for (const stop of this.#listeners) stop();
    await new Promise((resolve) => this.#canary.close(resolve));
  }

  #requested(request: Request): void {
    const url = new URL(request.url());
    if (!isOwn(url, new URL(this.#page.url())))
      this.seen.push(`${request.resourceType()} of ${url.href.slice(0, 300)}`);
  }
}

/** VS Code's own address, what its page carries in itself, and the files of an extension, which a service worker serves. */
function isOwn(url: URL, home: URL): boolean {
  if (url.host === home.host) return true;
  if (url.protocol === "blob:" && url.pathname.startsWith(home.origin)) return true;
  if (url.hostname.endsWith(".vscode-resource.vscode-cdn.net"))
    return /\/chat-room\.chat-room-[^/]*\/(dist|extension\/media)\//.test(url.pathname);
  return (
    url.protocol === "data:" &&
    /^(image\/svg\+xml|image\/png|font\/|application\/font)/.test(url.pathname) &&
    !url.href.includes("wasRun")
  );
}
