// Adds or removes one person's emoji on anybody's message [P-4.15].

import type { ParamsOf } from "../../../protocol/api/declare.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent } from "../../../protocol/conversations/event.ts";
import { failure } from "../../../protocol/errors.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { emojiKey, reactionOf } from "../../../protocol/text/emoji-key.ts";
import type { react as declared } from "../../../protocol/conversations/kinds/reaction.ts";
import { checkSendable } from "../sending.ts";
import type { StepBuilder } from "../step-builder.ts";
import { sendChange } from "./change.ts";
import type { ChangeRules } from "./change.ts";

/** The largest number of different emoji on one message. */
export const maxReactionKinds = 32;

export interface ReactionCommand {
  readonly kind: "reaction";
  readonly conversation: ConversationId;
  /** The position of the message on this machine. */
  readonly seq: number;
  readonly emoji: string;
  /** False removes the reaction. */
  readonly on: boolean;
  /** The id of the reaction itself. */
  readonly mid: string;
}

export const requests = {
  react: (params: ParamsOf<typeof declared>, mid: string): ReactionCommand => ({ kind: "reaction", ...params, mid }),
};

export function reaction(step: StepBuilder, command: ReactionCommand): void {
  const { conversation, seq, on } = command;
  const sendable = checkSendable(step, conversation, command.emoji);
  if ("code" in sendable) {
    step.refuse(sendable);
    return;
  }
  const message = step.events.at(conversation, seq);
  if (!message || message.deleted === true || message.state === "failed") {
    step.refuse(failure("bad_request", "There is no such message to react to."));
    return;
  }
  const emoji = reactionOf(command.emoji);
  if (emoji === undefined) {
    step.refuse(failure("bad_request", "A reaction is one emoji."));
    return;
  }
  const { user } = sendable.me.account;
  const spelled = spelledOn(message, emoji, user);
  const reacted = withReaction(message, spelled, user, on);
  if (!reacted) {
    const reason = "That message has 32 different reactions already. Use one of them.";
    step.refuse(failure("bad_request", reason));
    return;
  }
  if (JSON.stringify(reacted.reactions) === JSON.stringify(message.reactions)) return;
  put(step, reacted, spelled, user, on);
  sendChange(step, on ? "reaction" : "reactionRemoval", message, command.mid, emoji);
}

const rules: Omit<ChangeRules, "apply"> = {
  target: (step, { conversation, target = "" }) => step.events.named(conversation, target),
  keepsBody: true,
  needsSameDevice: false,
  ifForbidden: "ignore",
  ifUnknown: "wait",
  undo: revert,
  refusal: (to, why) =>
    `Your reaction to a message to ${to === undefined ? "everyone" : to} did not get through: ${why}`,
};
export const reactionRules: ChangeRules = { ...rules, apply: (...args) => apply(...args, true) };
export const reactionRemovalRules: ChangeRules = { ...rules, apply: (...args) => apply(...args, false) };

function apply(step: StepBuilder, message: ChatMessage, { from }: ConversationEvent, body: string, on: boolean): void {
  if (message.deleted === true) return;
  const emoji = spelledOn(message, body, from);
  const reacted = withReaction(message, emoji, from, on);
  if (!reacted || reacted === message) return;
  put(step, reacted, emoji, from, on);
  if (message.own && keyOfName(from) !== step.me?.key) note(step, reacted, { emoji, from }, on);
}

/** Notes a reaction as the latest activity in the conversation of the message's author; nothing becomes unread. */
function note(step: StepBuilder, message: ChatMessage, reaction: { emoji: string; from: string }, on: boolean): void {
  const contact = step.contact(message.conversation);
  if (!contact || contact.blocked) return;
  const { emoji, from } = reaction;
  const last = contact.lastReaction;
  if (on) {
    step.put({ ...contact, lastReaction: { seq: message.seq, emoji, from } });
    if (!contact.muted) step.tellOfReaction(message, reaction);
  } else if (last?.seq === message.seq && last.emoji === emoji && keyOfName(last.from) === keyOfName(from)) {
    step.put({ ...contact, lastReaction: undefined });
    step.forgetReaction(message.conversation);
  }
}

/** After a refusal, sets an own reaction to what the others see: the newest own event that was not refused. */
function revert(step: StepBuilder, event: ConversationEvent): void {
  const { conversation, target = "", from, body } = event;
  const message = step.events.named(conversation, target);
  if (!message || message.deleted === true) return;
  const emoji = spelledOn(message, body, from);
  const on = step.context.history.ownReactionBeside(event) === "reaction";
  const before = withReaction(message, emoji, from, on);
  if (before) put(step, before, emoji, from, on);
}

/** Stores and shows the reaction. @param message with the reaction in it */
function put(step: StepBuilder, message: ChatMessage, emoji: string, from: string, on: boolean): void {
  const { conversation, seq } = message;
  step.write({ kind: "reaction", conversation, seq, emoji, from, on });
  step.events.show(message);
}

/**
 * Returns how the emoji is already spelled on the message. Older versions treated different spellings as different emoji; if
 * there are several, the one that this person used is returned.
 */
export function spelledOn({ reactions = [] }: ChatMessage, emoji: string, from: string): string {
  const same = reactions.filter((each) => emojiKey(each.emoji) === emojiKey(emoji));
  const own = same.find((each) => each.from.some((name) => keyOfName(name) === keyOfName(from)));
  return (own ?? same[0])?.emoji ?? emoji;
}

/**
 * Returns the message with that reaction added or removed; the same message if nothing changes; undefined if it has too many
 * different reactions.
 * @param emoji as returned by `spelledOn`
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
