// Reactions: choosing an emoji in the toolbar (a usual one, or any other by name or by itself), and the reactions to a
// message as chips. A click on a chip adds the same reaction, or removes one's own.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import { emojiKey, reactionOf } from "../../../protocol/text/emoji-key.ts";
import { emojiContaining, usualReactions } from "../../markdown/emoji-names.ts";
import { element } from "../dom.ts";
import { texts } from "../texts.ts";
import type { MessageRow } from "../timeline.ts";
import { isSent } from "./kind.ts";
import type { PageContext, PageKind } from "./kind.ts";

export const reaction: PageKind = {
  actions: {
    react: {
      icon: "smiley",
      label: texts.react,
      applies: isSent,
      run: (message, page, toolbar) => {
        const chosen = (emoji: string, on: boolean): void => {
          toolbar.leave();
          page.post({ kind: "react", seq: message.seq, emoji, on });
        };
        toolbar.choose(emojiChoice(message, page.setting().ownName, chosen));
      },
    },
  },
  dependsOn: (_, { ownName }) => ownName,
  drawBelow: drawReactions,
};

interface Reaction {
  readonly emoji: string;
  /** The name as its owner spells it. */
  readonly from: readonly string[];
}

/** Groups reactions by emoji, whatever its spelling, by `emojiKey`. */
function reactionsTo({ reactions = [], deleted }: ChatMessage): ReadonlyMap<string, Reaction> {
  const byKey = new Map<string, Reaction>();
  for (const { emoji, from } of deleted === true ? [] : reactions) {
    const key = emojiKey(emoji);
    const known = byKey.get(key);
    const together = known === undefined ? from : [...new Set([...known.from, ...from])];
    if (from.length > 0) byKey.set(key, { emoji: reactionOf(emoji) ?? emoji, from: together });
  }
  return byKey;
}

function drawReactions({ message }: MessageRow, { post, setting }: PageContext): HTMLElement[] {
  const { ownName } = setting();
  const chips = Array.from(reactionsTo(message).values(), ({ emoji, from }) => {
    const own = from.includes(ownName);
    const chip = element(
      "button",
      {
        class: "reaction",
        type: "button",
        "aria-pressed": String(own),
        "aria-label": texts.reaction(emoji, from),
        title: from.join(", "),
      },
      element("span", { "aria-hidden": "true" }, emoji),
      element("span", { class: "count", "aria-hidden": "true" }, String(from.length)),
    );
    chip.addEventListener("click", () => post({ kind: "react", seq: message.seq, emoji, on: !own }));
    return chip;
  });
  return chips.length === 0 ? [] : [element("div", { class: "reactions" }, ...chips)];
}

/** As many results as there are usual emoji, so that nothing moves. */
const maxFound = usualReactions.length;

/**
 * The toolbar handles the arrow keys in it.
 * @param chosen called once with the emoji, and whether it is added or removed
 */
function emojiChoice(
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
