// The buttons of one message, and when it was sent if that is not said above it. There is one toolbar for the whole list; it
// is in the message that the pointer or the focus is on, and stays in view if that message is higher than the panel. What
// can be done about a message is up to the kinds. The arrow keys move in the toolbar; Escape goes back to the message.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { MessageAction } from "../../protocol/page/page-messages.ts";
import { element, iconButton } from "./dom.ts";
import type { ActionToolbar, PageContext } from "./kinds/kind.ts";
import { toolbarActions } from "./kinds/kinds.ts";
import { timeOf } from "./timeline-row.ts";
import { texts } from "./texts.ts";

export class MessageToolbar implements ActionToolbar {
  readonly #bar = element("div", { class: "toolbar", role: "toolbar", "aria-label": texts.toolbar });
  /** As high as the message, along which the bar sticks. It comes and goes in the list, whose changes are read out. */
  readonly #root = element("div", { class: "toolbar-track", "aria-live": "off" }, this.#bar);
  readonly #page: PageContext;
  #message: ChatMessage | undefined;

  constructor(page: PageContext) {
    this.#page = page;
    this.#bar.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Moves into the message's article; nothing can be done with a message that is on its way or deleted. */
  showIn(article: HTMLElement, message: ChatMessage | undefined): void {
    if (message === undefined || message.deleted === true || message.state === "sending") {
      this.hide();
      return;
    }
    if (this.#root.parentElement === article) return; // of a message that looks different the article is another one
    this.#message = message;
    this.#showActions(message, article);
    article.append(this.#root);
  }

  /** Runs an action as if its button was pressed. */
  run(action: MessageAction, message: ChatMessage): void {
    const article = document.querySelector<HTMLElement>(`article[data-seq="${message.seq}"]`);
    if (article === null) return;
    this.showIn(article, message); // the page may not have the focus yet
    toolbarActions.get(action)?.run(message, this.#page, this);
  }

  choose(choice: readonly HTMLElement[]): void {
    // The focus has to move before the button that has it goes: the toolbar is hidden when the focus leaves it.
    const before = [...this.#bar.children];
    this.#bar.append(...choice);
    choice[0]?.querySelector("button")?.focus();
    for (const each of before) each.remove();
  }

  leave(): void {
    const article = this.#bar.closest<HTMLElement>("article");
    article?.focus({ preventScroll: true });
    if (this.#message && article) this.#showActions(this.#message, article);
  }

  hide(): void {
    this.#message = undefined;
    this.#root.remove();
  }

  #showActions(message: ChatMessage, article: Element): void {
    const actions = [...toolbarActions.values()].filter(({ applies }) => applies(message, article));
    const buttons = actions.map(({ icon, label, run }) =>
      iconButton(icon, label, () => run(message, this.#page, this)),
    );
    const isHeaded = article.classList.contains("headed");
    this.#bar.replaceChildren(...(isHeaded ? [] : [timeOf(message)]), ...buttons);
  }

  #key(event: KeyboardEvent): void {
    const buttons = [...this.#bar.querySelectorAll<HTMLElement>(":is(button,input)")];
    const at = buttons.findIndex((each) => each === document.activeElement);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    // In what was typed the arrows go through the text.
    if (step !== 0 && document.activeElement instanceof HTMLInputElement && document.activeElement.value !== "") return;
    if (step !== 0) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    else if (event.key === "Escape") this.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
