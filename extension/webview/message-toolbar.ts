// The buttons of one message, and its time if that is not shown above it. There is one toolbar for the whole list: it is in
// the message under the pointer or with the focus, and stays in view if that message is higher than the panel. The kinds
// decide which actions a message has. The arrow keys move within the toolbar; Escape returns to the message.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { MessageAction } from "../../protocol/page/page-messages.ts";
import { element, iconButton } from "./dom.ts";
import type { ActionToolbar, PageContext } from "./kinds/kind.ts";
import { toolbarActions } from "./kinds/kinds.ts";
import { timeOf } from "./timeline-row.ts";
import { texts } from "./texts.ts";

export class MessageToolbar implements ActionToolbar {
  readonly #bar = element("div", { class: "toolbar", role: "toolbar", "aria-label": texts.toolbar });
  /**
   * As high as the message, so that the bar sticks along it. Silent, because a screen reader reads out changes of the list.
   */
  readonly #root = element("div", { class: "toolbar-track", "aria-live": "off" }, this.#bar);
  readonly #page: PageContext;
  #message: ChatMessage | undefined;

  constructor(page: PageContext) {
    this.#page = page;
    this.#bar.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Moves into the message's article; a message that is being sent or is deleted has no actions. */
  showIn(article: HTMLElement, message: ChatMessage | undefined): void {
    if (message === undefined || message.deleted === true || message.state === "sending") {
      this.hide();
      return;
    }
    if (this.#root.parentElement === article) return; // a message that was redrawn has a new article
    this.#message = message;
    this.#showActions(message, article);
    article.append(this.#root);
  }

  /** Runs an action as if its button had been pressed. */
  run(action: MessageAction, message: ChatMessage): void {
    const article = document.querySelector<HTMLElement>(`article[data-seq="${message.seq}"]`);
    if (article === null) return;
    this.showIn(article, message); // the page may not have the focus yet
    toolbarActions.get(action)?.run(message, this.#page, this);
  }

  choose(choice: readonly HTMLElement[]): void {
    // Move the focus before its button is removed: the toolbar is hidden when it loses the focus.
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
    // In a text field the arrows move the caret.
    if (step !== 0 && document.activeElement instanceof HTMLInputElement && document.activeElement.value !== "") return;
    if (step !== 0) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    else if (event.key === "Escape") this.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
