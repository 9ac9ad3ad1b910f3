// What is done to a message after it was written [P-4.15]: an edit, a deletion, a reaction. An act travels like a message,
// in order and once, but is no line of the conversation.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { emojiKey } from "../../protocol/text/emoji-key.ts";
import { keyOfName } from "../../protocol/names.ts";

export const actKinds = ["edit", "delete", "react", "unreact"] as const;
export type ActKind = (typeof actKinds)[number];

/**
 * Own: `sending` (in the outbox), `queued` at the server, `sent`, `failed`. Of others: `pending` (its message is not known
 * yet), `done`.
 */
export const actStates = ["sending", "queued", "sent", "failed", "pending", "done"] as const;
export type ActState = (typeof actStates)[number];

export interface Act {
  readonly conversation: ConversationId;
  readonly mid: string;
  readonly from: string;
  readonly kind: ActKind;
  /** The `mid` of the message that it is about. */
  readonly target: string;
  /** Of a reaction; else empty. */
  readonly emoji: string;
  readonly sentAtMs: number;
  readonly state: ActState;
}

/** The position of an act in the outbox: it has none in the conversation. */
export const noSeq = 0;

/** What stands in the place of a text that was taken back, for whoever does not know about that. */
export const deletedWords = "(deleted)";

/** Different emoji on one message. */
export const maxReactionKinds = 32;

/**
 * How that emoji is spelled on the message, where it is already; of several spellings, which were told apart once, the one
 * that this person gave.
 */
export function spelledOn({ reactions = [] }: ChatMessage, emoji: string, from: string): string {
  const same = reactions.filter((each) => emojiKey(each.emoji) === emojiKey(emoji));
  const own = same.find((each) => each.from.some((name) => keyOfName(name) === keyOfName(from)));
  return (own ?? same[0])?.emoji ?? emoji;
}

/**
 * Also where it was reacted so already; undefined where the message has too many different reactions. `emoji` is as
 * `spelledOn` has it.
 */
export function withReaction(message: ChatMessage, emoji: string, from: string, on: boolean): ChatMessage | undefined {
  const { reactions: before = [], ...bare } = message;
  const key = keyOfName(from);
  const known = before.find((each) => each.emoji === emoji);
  const others = known?.from.filter((name) => keyOfName(name) !== key) ?? [];
  if (on && !known && before.length >= maxReactionKinds) return undefined;
  if (on && known && others.length < known.from.length) return message;
  const now = { emoji, from: on ? [...others, from] : others };
  const reactions = known ? before.map((each) => (each === known ? now : each)) : [...before, now];
  const left = reactions.filter((each) => each.from.length > 0);
  return left.length === 0 ? bare : { ...bare, reactions: left };
}
