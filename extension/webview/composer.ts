// Where a message is written. Enter sends, Shift+Enter breaks the line, and while an input method composes a character
// Enter belongs to it. Says nothing about what becomes of the text: see draft.ts.

import { element } from "./dom.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";

export interface ComposerActions {
  readonly typed: (draft: string) => void;
  readonly send: () => void;
}

export class Composer {
  readonly root: HTMLElement;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #problem: HTMLElement;

  constructor(actions: ComposerActions) {
    this.#input = element("textarea", { rows: "1", dir: "auto", spellcheck: "true" });
    this.#send = element("button", { class: "send", type: "button" }, texts.send);
    this.#problem = element("div", { class: "problem", role: "alert" });
    this.root = element(
      "div",
      { class: "composer" },
      this.#problem,
      element("div", { class: "writing" }, this.#input, this.#send),
    );
    this.#input.addEventListener("input", () => {
      this.setProblem("");
      actions.typed(this.#input.value);
      this.#enable();
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      actions.send();
    });
    this.#send.addEventListener("click", () => {
      actions.send();
      this.focus();
    });
    this.#enable();
  }

  setWhom(whom: Whom): void {
    this.#input.setAttribute("aria-label", texts.composer(whom));
    this.#input.placeholder = texts.placeholder(whom);
  }

  setDraft(draft: string): void {
    if (this.#input.value !== draft) this.#input.value = draft;
    this.#enable();
  }

  /** Why the text was not taken; goes away with the next key. */
  setProblem(words: string): void {
    if (this.#problem.textContent !== words) this.#problem.textContent = words;
  }

  focus(): void {
    this.#input.focus();
  }

  #enable(): void {
    this.#send.disabled = this.#input.value.trim() === "";
  }
}
