// Where a message is written. Enter sends, Shift+Enter breaks the line, and while an input method composes a character
// Enter belongs to it. Says nothing about what becomes of the text: see draft.ts.

import { element } from "./dom.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";

export interface ComposerActions {
  readonly typed: (draft: string) => void;
  readonly send: () => void;
}

/** `held`: may be written, not sent. `closed`: nobody is signed in. */
export type Writing = "open" | "held" | "closed";

export class Composer {
  readonly root: HTMLElement;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #problem: HTMLElement;
  /** The problem goes away by itself when the daemon is reached again. */
  #passing = false;
  #writing: Writing | undefined;

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

  /** `writing`: undefined while the host has not said it. */
  show(whom: Whom, writing: Writing | undefined): void {
    this.#writing = writing;
    this.#input.setAttribute("aria-label", texts.composer(whom));
    this.#input.placeholder = writing === "closed" ? texts.placeholderSignedOut : texts.placeholder(whom);
    this.#input.readOnly = writing === undefined || writing === "closed";
    this.#enable();
  }

  setDraft(draft: string): void {
    if (this.#input.value !== draft) this.#input.value = draft;
    this.#enable();
  }

  /** Why the text was not taken; goes away with the next key. */
  setProblem(words: string, passing = false): void {
    this.#passing = passing;
    if (this.#problem.textContent !== words) this.#problem.textContent = words;
  }

  /** The daemon is reached again. */
  recovered(): void {
    if (this.#passing) this.setProblem("");
  }

  focus(): void {
    this.#input.focus();
  }

  #enable(): void {
    this.#send.disabled = this.#writing !== "open" || this.#input.value.trim() === "";
  }
}
