// Says that the other person is writing, for as long as that is likely, to screen readers when they are idle.

import { element } from "./dom.ts";
import { texts } from "./texts.ts";

const likelyMs = 6_000;

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
