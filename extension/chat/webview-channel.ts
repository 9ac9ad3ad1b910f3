// What goes to the webview of one panel. A webview comes and goes: a hidden one is destroyed. Some messages must not be
// missed and wait for the next webview; all others are told again at every `ready`, so they may be lost with the webview. No
// vscode.

import type { Outcome } from "../../protocol/api/declare.ts";
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

  /** A webview is there and can be told something. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Starts with a new webview, which knows nothing. */
  open(): void {
    this.#open = true;
    this.#told.clear();
  }

  /** Stops posting: VS Code throws if something is posted to a webview that is gone for good. */
  close(): void {
    this.#open = false;
  }

  post(message: ToPanel): void {
    if (this.#open) this.#post(message);
  }

  /** Posts the message unless the webview was told the same last of its kind. */
  postNews(message: ToPanel): void {
    const words = JSON.stringify(message);
    if (!this.#open || this.#told.get(message.kind) === words) return;
    this.#told.set(message.kind, words);
    this.#post(message);
  }

  /** Says why something that the person asked for was not done. */
  postRefusal(outcome: Outcome<object>): void {
    if (!outcome.ok) this.post({ kind: "notice", text: outcome.reason, failed: true });
  }

  /** Posts the message now, or keeps it for the next webview; of several calls for the caret one is kept. */
  keep(message: ToPanel): void {
    if (this.#open) this.#post(message);
    else
      this.#waiting = [...this.#waiting.filter((each) => each.kind !== "focus" || message.kind !== "focus"), message];
  }

  /** Posts what was kept. */
  release(): void {
    for (const message of this.#waiting.splice(0)) this.post(message);
  }

  /** Drops what was kept, because another account is signed in. */
  forget(): void {
    this.#waiting = [];
  }
}
