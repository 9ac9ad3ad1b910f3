// What can be given as a reaction: the usual ones, and any other emoji by its name or as itself. Its own arrow keys are the
// toolbar's.

import { emojiKey, reactionOf } from "../../protocol/text/emoji-key.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { emojiContaining, usualReactions } from "../markdown/emoji-names.ts";
import { element } from "./dom.ts";
import { reactionsTo } from "./draw-reactions.ts";
import { texts } from "./texts.ts";

/** As many as there are usual ones, so that nothing moves. */
const maxFound = usualReactions.length;

/** @param chosen told once: the emoji, and whether it is given or taken back */
export function reactionChoice(
  message: ChatMessage,
  ownName: string,
  chosen: (emoji: string, on: boolean) => void,
): HTMLElement[] {
  const given = reactionsTo(message);
  const button = (emoji: string): HTMLButtonElement => {
    const own = given.get(emojiKey(emoji))?.from.includes(ownName) === true;
    const attributes = {
      class: "icon emoji",
      type: "button",
      "aria-label": texts.reactWith(emoji),
      "aria-pressed": String(own),
    };
    const made = element("button", attributes, emoji);
    made.addEventListener("click", () => chosen(emoji, !own));
    return made;
  };
  const choices = element("div", { class: "choices" }, ...usualReactions.map(button));
  const attributes = { class: "other", type: "text", maxlength: "64", placeholder: texts.otherEmoji };
  const other = element("input", { ...attributes, "aria-label": texts.otherEmoji });
  other.addEventListener("input", () => choices.replaceChildren(...emojiFor(other.value).map(button)));
  other.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    choices.querySelector("button")?.click();
  });
  return [choices, other];
}

function emojiFor(typed: string): readonly string[] {
  const words = typed.trim().toLowerCase().replace(/^:|:$/gu, "").replaceAll(" ", "_");
  if (words === "") return usualReactions;
  const itself = reactionOf(typed.trim());
  if (itself !== undefined) return [itself];
  const found = new Set(emojiContaining(words).flatMap(([, emoji]) => reactionOf(emoji) ?? []));
  return [...found].slice(0, maxFound);
}
