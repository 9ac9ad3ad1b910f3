// The reactions to a message as chips: a click gives the same one, or takes one's own back.

import { emojiKey, reactionOf } from "../../protocol/text/emoji-key.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { element } from "./dom.ts";
import { texts } from "./texts.ts";

export interface Reaction {
  readonly emoji: string;
  /** As spelled. */
  readonly from: readonly string[];
}

export type React = (seq: number, emoji: string, on: boolean) => void;

/** One for each emoji, however it was spelled, by `emojiKey`. */
export function reactionsTo({ reactions = [], deleted }: ChatMessage): ReadonlyMap<string, Reaction> {
  const byKey = new Map<string, Reaction>();
  for (const { emoji, from } of deleted === true ? [] : reactions) {
    const key = emojiKey(emoji);
    const known = byKey.get(key);
    const together = known === undefined ? from : [...new Set([...known.from, ...from])];
    if (from.length > 0) byKey.set(key, { emoji: reactionOf(emoji) ?? emoji, from: together });
  }
  return byKey;
}

export function drawReactions(message: ChatMessage, ownName: string, react: React): HTMLElement[] {
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
    chip.addEventListener("click", () => react(message.seq, emoji, !own));
    return chip;
  });
  return chips.length === 0 ? [] : [element("div", { class: "reactions" }, ...chips)];
}
