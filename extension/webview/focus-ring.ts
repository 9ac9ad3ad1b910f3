// Keyboard and pointer navigation in the messages: one of them is in the tab order, the arrow keys move between them, and
// the toolbar is in the one that is pointed at or has the focus.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { MessageToolbar } from "./message-toolbar.ts";

export interface RingOptions {
  readonly toolbar: MessageToolbar;
  readonly message: (seq: number) => ChatMessage | undefined;
  /** The person starts to write. */
  readonly leave: () => void;
}

export class FocusRing {
  readonly #log: HTMLElement;
  readonly #options: RingOptions;
  #current: HTMLElement | undefined;

  constructor(log: HTMLElement, options: RingOptions) {
    this.#log = log;
    this.#options = options;
    log.addEventListener("keydown", (event) => this.#key(event));
    log.addEventListener("focusin", (event) => {
      const article = articleOf(event.target);
      if (article) this.#enter(article);
    });
    log.addEventListener("pointerover", (event) => {
      const article = articleOf(event.target);
      const focused = articleOf(document.activeElement);
      if (article && (focused === undefined || document.activeElement === focused)) this.#showToolbar(article);
    });
    log.addEventListener("pointerleave", () => {
      const focused = articleOf(document.activeElement);
      if (focused) this.#showToolbar(focused);
      else options.toolbar.hide();
    });
    log.addEventListener("focusout", (event) => {
      if (articleOf(event.relatedTarget) === undefined && !log.matches(":hover")) options.toolbar.hide();
    });
  }

  /** Returns the `seq` of the message that has the focus, if any; for `restore` after a change of the list. */
  get focused(): string | undefined {
    return articleOf(document.activeElement)?.dataset["seq"];
  }

  /** Returns the focus to that message, or to the last one if it is gone. Afterwards one message is in the tab order. */
  restore(focused: string | undefined): void {
    if (focused !== undefined && articleOf(document.activeElement) === undefined) {
      const all = this.#articles();
      const again = all.find((each) => each.dataset["seq"] === focused) ?? all.at(-1);
      again?.focus({ preventScroll: true });
    }
    if (articleOf(document.activeElement) === undefined) this.#makeCurrent(this.#articles().at(-1));
  }

  #articles(): HTMLElement[] {
    return [...this.#log.querySelectorAll<HTMLElement>("article")];
  }

  #enter(article: HTMLElement): void {
    this.#makeCurrent(article);
    this.#showToolbar(article);
  }

  #makeCurrent(article: HTMLElement | undefined): void {
    if (this.#current !== article) this.#current?.setAttribute("tabindex", "-1");
    this.#current = article;
    article?.setAttribute("tabindex", "0");
  }

  #showToolbar(article: HTMLElement): void {
    this.#options.toolbar.showIn(article, this.#options.message(Number(article.dataset["seq"])));
  }

  #key(event: KeyboardEvent): void {
    const article = articleOf(event.target);
    if (article === undefined || event.target !== article || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = this.#articles();
    const at = all.indexOf(article);
    const target = { ArrowUp: all[at - 1], ArrowDown: all[at + 1], Home: all[0], End: all.at(-1) }[event.key];
    if (event.key === "Escape" || (event.key === "ArrowDown" && at === all.length - 1)) this.#options.leave();
    else if (target !== undefined) {
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  }
}

function articleOf(target: EventTarget | null): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>("article") ?? undefined) : undefined;
}
