// The buttons of one message, and when it was sent where that is not said above it: one toolbar for the whole list, which
// stands in the message that the pointer or the focus is on, and stays in view where that is higher than the panel. Its own
// arrow keys move in it; Escape goes back to the message.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { MessageAction } from "../../protocol/page/page-messages.ts";
import { element, iconButton } from "./dom.ts";
import { reactionChoice } from "./reaction-choice.ts";
import { timeOf } from "./timeline-row.ts";
import { texts } from "./texts.ts";

export interface ToolbarActions {
  readonly reply: (message: ChatMessage) => void;
  readonly react: (seq: number, emoji: string, on: boolean) => void;
  readonly edit: (message: ChatMessage) => void;
  readonly delete: (message: ChatMessage) => void;
  readonly copy: (message: ChatMessage) => void;
  /** From there on it is to be unread. */
  readonly unread: (message: ChatMessage) => void;
  readonly link: (message: ChatMessage) => void;
}

export class MessageToolbar {
  readonly #bar = element("div", { class: "toolbar", role: "toolbar", "aria-label": texts.toolbar });
  /** As high as the message, along which the bar sticks. It comes and goes in the list, whose changes are read out. */
  readonly #root = element("div", { class: "toolbar-track", "aria-live": "off" }, this.#bar);
  readonly #actions: ToolbarActions;
  readonly #ownName: () => string;
  #message: ChatMessage | undefined;

  constructor(actions: ToolbarActions, ownName: () => string) {
    this.#actions = actions;
    this.#ownName = ownName;
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

  /** As if its button was pressed. */
  run(action: MessageAction, message: ChatMessage): void {
    const article = document.querySelector<HTMLElement>(`article[data-seq="${message.seq}"]`);
    if (article === null) return;
    const { reply, edit, delete: deleteMessage, copy, unread, link } = this.#actions;
    this.showIn(article, message); // the page may not have the focus yet
    const runs = { react: () => this.#showEmoji(message), reply, edit, delete: deleteMessage, copy, unread, link };
    runs[action](message);
  }

  hide(): void {
    this.#message = undefined;
    this.#root.remove();
  }

  #showActions(message: ChatMessage, article: Element): void {
    const { reply, edit, delete: deleteMessage, copy, unread, link } = this.#actions;
    const sent = message.state !== "failed";
    const isHeaded = article.classList.contains("headed");
    const buttons = [
      ...(sent ? [iconButton("smiley", texts.react, () => this.#showEmoji(message))] : []),
      ...(sent ? [iconButton("reply", texts.reply, () => reply(message))] : []),
      ...(message.own && sent ? [iconButton("edit", texts.edit, () => edit(message))] : []),
      ...(isOnlyCode(article) ? [] : [iconButton("copy", texts.copy, () => copy(message))]),
      ...(message.own ? [] : [iconButton("eye-closed", texts.markUnread, () => unread(message))]),
      ...(sent ? [iconButton("link", texts.copyLink, () => link(message))] : []),
      ...(message.own && sent ? [iconButton("trash", texts.delete, () => deleteMessage(message))] : []),
    ];
    this.#bar.replaceChildren(...(isHeaded ? [] : [timeOf(message)]), ...buttons);
  }

  #showEmoji(message: ChatMessage): void {
    // Where the focus is may not go before the focus has: the toolbar leaves with it.
    const before = [...this.#bar.children];
    const choice = reactionChoice(message, this.#ownName(), (emoji, on) => {
      this.#leave();
      this.#actions.react(message.seq, emoji, on);
    });
    this.#bar.append(...choice);
    choice[0]?.querySelector("button")?.focus();
    for (const each of before) each.remove();
  }

  /** The focus goes back to the message. */
  #leave(): void {
    const article = this.#bar.closest<HTMLElement>("article");
    article?.focus({ preventScroll: true });
    if (this.#message && article) this.#showActions(this.#message, article);
  }

  #key(event: KeyboardEvent): void {
    const buttons = [...this.#bar.querySelectorAll<HTMLElement>(":is(button,input)")];
    const at = buttons.findIndex((each) => each === document.activeElement);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    // In what was typed the arrows go through the text.
    if (step !== 0 && document.activeElement instanceof HTMLInputElement && document.activeElement.value !== "") return;
    if (step !== 0) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    else if (event.key === "Escape") this.#leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Its bar has a button for that already. */
function isOnlyCode(article: Element): boolean {
  const parts = article.querySelectorAll(":scope > .text > *");
  return parts.length === 1 && parts[0]?.classList.contains("code-block") === true;
}
