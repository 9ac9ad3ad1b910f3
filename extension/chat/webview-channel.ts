// Messages to the webview of one panel. A webview comes and goes: a hidden one is destroyed. Messages that must not be lost
// wait for the next webview; all others are sent again at every `ready`, so they may be lost with the webview. No vscode.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";

export class WebviewChannel {
  readonly #post: (message: ToPanel) => void;
  #open = false;
  #waiting: ToPanel[] = [];
  /** The last message of each repeated kind that this webview received. */
  readonly #told = new Map<ToPanel["kind"], string>();

  constructor(post: (message: ToPanel) => void) {
    this.#post = post;
  }

  /** Whether there is a webview that can receive messages. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Starts with a new webview, which has received nothing yet. */
  open(): void {
    this.#open = true;
    this.#told.clear();
  }

  /** Stops posting: VS Code throws if a message is posted to a disposed webview. */
  close(): void {
    this.#open = false;
  }

  post(message: ToPanel): void {
    if (this.#open) this.#post(message);
  }

  /** Posts the message, unless it equals the last one of its kind. */
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

  /** Posts the message now, or keeps it for the next webview; of several requests for the caret it keeps one. */
  keep(message: ToPanel): void {
    if (this.#open) this.#post(message);
    else
      this.#waiting = [...this.#waiting.filter((each) => each.kind !== "focus" || message.kind !== "focus"), message];
  }

  /** Posts the kept messages. */
  release(): void {
    for (const message of this.#waiting.splice(0)) this.post(message);
  }

  /** Drops the kept messages, because another account is signed in. */
  forget(): void {
    this.#waiting = [];
  }
}
