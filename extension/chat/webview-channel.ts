// What goes to the webview of one panel, which comes and goes: a hidden one is destroyed. Some of it must not be missed and
// waits for the next webview; all else is told anew at every `ready`, so that it is lost with the webview. No vscode.

import type { ToPanel } from "../../protocol/page/page-messages.ts";

export class WebviewChannel {
  readonly #post: (message: ToPanel) => void;
  #open = false;
  #waiting: ToPanel[] = [];
  /** What this webview was told last, of what is told again and again. */
  readonly #told = new Map<ToPanel["kind"], string>();

  constructor(post: (message: ToPanel) => void) {
    this.#post = post;
  }

  /** A webview is there and wants to be told. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** A new webview, which knows nothing. */
  open(): void {
    this.#open = true;
    this.#told.clear();
  }

  /** A webview that is gone for good must not be posted to: VS Code throws. */
  close(): void {
    this.#open = false;
  }

  post(message: ToPanel): void {
    if (this.#open) this.#post(message);
  }

  /** Only where it is not what the webview was told last of its kind. */
  postNews(message: ToPanel): void {
    const words = JSON.stringify(message);
    if (!this.#open || this.#told.get(message.kind) === words) return;
    this.#told.set(message.kind, words);
    this.#post(message);
  }

  /** Now, or kept for the next webview; of several calls for the caret one is kept. */
  keep(message: ToPanel): void {
    if (this.#open) this.#post(message);
    else
      this.#waiting = [...this.#waiting.filter((each) => each.kind !== "focus" || message.kind !== "focus"), message];
  }

  /** Posts what was kept. */
  release(): void {
    for (const message of this.#waiting.splice(0)) this.post(message);
  }

  /** What was kept is another account's. */
  forget(): void {
    this.#waiting = [];
  }
}
