// Replies: starting one from a message, showing it above the composer, and drawing it with the quoted message.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { PanelState } from "../../../protocol/page/panel-state.ts";
import { withoutHidden } from "../../../protocol/text/hidden-characters.ts";
import { wordsOf, wordsOfLine } from "../../markdown/plain.ts";
import type { Strip } from "../composer.ts";
import { codicon, element } from "../dom.ts";
import { texts } from "../texts.ts";
import { isSent } from "./kind.ts";
import type { PageContext, PageKind } from "./kind.ts";

const quotedCharacters = 160;

export const reply: PageKind = {
  actions: {
    reply: {
      icon: "reply",
      label: texts.reply,
      applies: isSent,
      run: (message, { replyTo }) => replyTo(message),
    },
  },
  drawAbove: ({ quote }, page) => (quote === undefined ? [] : [drawQuote(quote, page)]),
};

/** Returns what the page keeps of the message that a draft replies to. */
export function replyToMessage({ seq, from, text }: ChatMessage): NonNullable<PanelState["replyTo"]> {
  return { seq, from, text: shortened(text) };
}

export function replyStrip({ replyTo }: PanelState): Strip | undefined {
  return replyTo && { icon: "reply", words: texts.replyingTo(replyTo.from, replyTo.text) };
}

function drawQuote(quote: NonNullable<ChatMessage["quote"]>, { goTo }: PageContext): HTMLElement {
  const { seq, from = texts.someone } = quote;
  const text = shortened(quote.text);
  const label = texts.quoted(from, text);
  const parts = [
    codicon("reply"),
    element("bdi", { class: "author" }, withoutHidden(from)),
    " ",
    element("bdi", { class: "words" }, text),
  ];
  if (seq === undefined) return element("div", { class: "quoted" }, ...parts);
  const button = element("button", { class: "quoted", type: "button", title: label }, ...parts);
  button.addEventListener("click", () => goTo(seq));
  return button;
}

/** Returns one line for a quotation. A quote from the daemon is already one line, fences included, and may be truncated. */
function shortened(text: string): string {
  const words = text.includes("\n") ? wordsOf(text) : withoutHidden(wordsOfLine(text));
  const line = words.replaceAll(/\s+/gu, " ").trim();
  const characters = Array.from(line.slice(0, 4 * quotedCharacters));
  return characters.length <= quotedCharacters ? line : `${characters.slice(0, quotedCharacters).join("")}…`;
}
