// Typing, in both directions: tells the host from time to time that this person is writing, and shows that the other person
// is, for as long as that is likely. Screen readers announce it when idle.

import { element } from "../dom.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { texts } from "../texts.ts";

const likelyMs = 6_000;
const betweenSignalsMs = 3_000;

export class TypingView {
  readonly root = element("div", { class: "typing", role: "status", "aria-live": "polite" });
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(name: string): void {
    clearTimeout(this.#timer);
    const words = texts.typing(name);
    if (this.root.textContent !== words) this.root.replaceChildren(element("bdi", {}, words));
    this.#timer = setTimeout(() => this.hide(), likelyMs);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.root.replaceChildren();
  }
}

export class TypingSignal {
  readonly #post: ExtensionHost["post"];
  #signalledAtMs = Number.NEGATIVE_INFINITY;

  constructor(post: ExtensionHost["post"]) {
    this.#post = post;
  }

  /** To be called if the draft has changed; a command (`/away`) is not a message. */
  typed(draft: string): void {
    const now = performance.now();
    if (draft.trim() === "" || draft.startsWith("/") || now - this.#signalledAtMs < betweenSignalsMs) return;
    this.#signalledAtMs = now;
    this.#post({ kind: "typing" });
  }
}
