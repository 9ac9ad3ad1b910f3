// The buttons of one message: one toolbar for the whole list, which stands in the message that the pointer or the focus is
// on. Its own arrow keys move in it; Escape goes back to the message.

import type { ChatMessage } from "../../protocol/editor/model.ts";
import { emojiKey } from "../../protocol/emoji.ts";
import { usualReactions } from "../markdown/emoji.ts";
import { reactionsTo } from "./draw-reactions.ts";
import { element, iconButton } from "./dom.ts";
import { texts } from "./texts.ts";

export interface ToolbarActions {
  readonly reply: (message: ChatMessage) => void;
  readonly react: (seq: number, emoji: string, on: boolean) => void;
  readonly edit: (message: ChatMessage) => void;
  readonly remove: (message: ChatMessage) => void;
  readonly copy: (message: ChatMessage) => void;
}

export class MessageToolbar {
  readonly #root = element("div", {
    class: "toolbar",
    role: "toolbar",
    "aria-label": texts.toolbar,
    "aria-live": "off", // it comes and goes in the list, whose changes are read out
  });
  readonly #actions: ToolbarActions;
  readonly #ownName: () => string;
  #message: ChatMessage | undefined;

  constructor(actions: ToolbarActions, ownName: () => string) {
    this.#actions = actions;
    this.#ownName = ownName;
    this.#root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Moves into the message's article; nothing can be done with a message that is on its way or deleted. */
  showIn(article: HTMLElement, message: ChatMessage | undefined): void {
    if (message === undefined || message.deleted === true || message.state === "sending") {
      this.hide();
      return;
    }
    if (this.#root.parentElement === article) return; // of a message that looks different the article is another one
    this.#message = message;
    this.#showActions(message);
    article.append(this.#root);
  }

  hide(): void {
    this.#message = undefined;
    this.#root.remove();
  }

  #showActions(message: ChatMessage): void {
    const { reply, edit, remove, copy } = this.#actions;
    const sent = message.state !== "failed";
    const buttons = [
      ...(sent ? [iconButton("smiley", texts.react, () => this.#showEmoji(message))] : []),
      ...(sent ? [iconButton("reply", texts.reply, () => reply(message))] : []),
      ...(message.own && sent ? [iconButton("edit", texts.edit, () => edit(message))] : []),
      iconButton("copy", texts.copy, () => copy(message)),
      ...(message.own && sent ? [iconButton("trash", texts.remove, () => remove(message))] : []),
    ];
    this.#root.replaceChildren(...buttons);
  }

  #showEmoji(message: ChatMessage): void {
    const given = reactionsTo(message);
    const buttons = usualReactions.map((emoji) => {
      const own = given.get(emojiKey(emoji))?.from.includes(this.#ownName()) === true;
      const attributes = {
        class: "icon emoji",
        type: "button",
        "aria-label": texts.reactWith(emoji),
        "aria-pressed": String(own),
      };
      const button = element("button", attributes, emoji);
      button.addEventListener("click", () => {
        this.#actions.react(message.seq, emoji, !own);
        this.#showActions(message);
        this.#root.closest<HTMLElement>("article")?.focus();
      });
      return button;
    });
    this.#root.replaceChildren(...buttons);
    buttons[0]?.focus();
  }

  #key(event: KeyboardEvent): void {
    const buttons = [...this.#root.querySelectorAll("button")];
    const at = buttons.findIndex((each) => each === document.activeElement);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    else if (event.key === "Escape") {
      if (this.#message) this.#showActions(this.#message);
      this.#root.closest<HTMLElement>("article")?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
