// What this person does to messages that were written: it counts here at once, and travels through the outbox [P-4.15].

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { reactionOf } from "../../protocol/text/emoji-key.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { deletedWords, noSeq, spelledOn, withReaction } from "./acts.ts";
import type { Act, ActKind } from "./acts.ts";
import type { StepBuilder } from "./step-builder.ts";
import type { Command, CoreEvent } from "./inputs.ts";
import { enqueueForSending, checkSendable } from "./ready.ts";
import { quoteOf, withNewest } from "./contact-views.ts";

export function edit(step: StepBuilder, command: Extract<Command, { kind: "edit" }>): void {
  const { conversation, text } = command;
  const message = ownMessage(step, command);
  if ("code" in message) {
    step.outcome = message;
    return;
  }
  if (message.deleted === true) {
    step.outcome = failure("bad_request", "That message was deleted. Write a new one.");
    return;
  }
  if (text.trim() === "") {
    step.outcome = failure("bad_request", "The message would be empty. Delete it instead.");
    return;
  }
  if (text === message.text) return;
  // Nobody else has seen a message that was refused: Retry sends it as it is then.
  const unseen = message.state === "failed";
  const ready = checkSendable(step, conversation, text);
  if ("code" in ready) {
    step.outcome = ready;
    return;
  }
  amend(step, { ...message, text, ...(unseen ? {} : { edited: true }) });
  if (!unseen) send(step, message, "edit", command.act, "");
}

export function takeBack(step: StepBuilder, command: Extract<Command, { kind: "delete" }>): void {
  const message = ownMessage(step, command);
  if ("code" in message) {
    step.outcome = message;
    return;
  }
  if (message.deleted === true) return;
  const ready = checkSendable(step, command.conversation, deletedWords);
  if ("code" in ready) {
    step.outcome = ready;
    return;
  }
  amend(step, withoutText(message));
  if (message.state !== "failed") send(step, message, "delete", command.act, "");
}

export function react(step: StepBuilder, command: Extract<Command, { kind: "react" }>): void {
  const { conversation, seq, on } = command;
  const ready = checkSendable(step, conversation, command.emoji);
  if ("code" in ready) {
    step.outcome = ready;
    return;
  }
  const message = step.messages.at(conversation, seq);
  if (!message || message.deleted === true || message.state === "failed") {
    step.outcome = failure("bad_request", "There is no such message to react to.");
    return;
  }
  const emoji = reactionOf(command.emoji);
  if (emoji === undefined) {
    step.outcome = failure("bad_request", "A reaction is one emoji.");
    return;
  }
  const { user } = ready.me.account;
  const spelled = spelledOn(message, emoji, user);
  const reacted = withReaction(message, spelled, user, on);
  if (!reacted) {
    step.outcome = failure("bad_request", "That message has 32 different reactions already. Use one of them.");
    return;
  }
  if (JSON.stringify(reacted.reactions) === JSON.stringify(message.reactions)) return;
  putReaction(step, reacted, spelled, user, on);
  send(step, message, on ? "react" : "unreact", command.act, emoji);
}

/** The answer to an own act. What was refused is not the same on both sides: the person is told. */
export function actAnswered(step: StepBuilder, input: Extract<CoreEvent, { kind: "answered" }>): void {
  const act = step.context.history.ownAct(input.mid);
  if (!act) return;
  const { from, mid, conversation, kind } = act;
  const { outcome } = input;
  const state = !outcome.ok ? "failed" : outcome.delivery === "queued" ? "queued" : "sent";
  step.write({ kind: "actState", from, mid, state });
  if (outcome.ok) return;
  const contact = isEveryone(conversation) ? undefined : step.contact(conversation);
  step.effect({ kind: "announce", text: notThrough[kind](contact?.name, outcome.reason) });
  if (act.emoji !== "") undoReaction(step, act);
}

type NotThrough = (to: string | undefined, why: string) => string;
const reactionNotThrough: NotThrough = (to, why) =>
  `Your reaction to a message to ${to === undefined ? "everyone" : to} did not get through: ${why}`;
const notThrough: Readonly<Record<ActKind, NotThrough>> = {
  edit: (to, why) => `Your edit of a message to ${to === undefined ? "everyone" : to} did not get through: ${why}`,
  delete: (to, why) =>
    `Your deletion of a message to ${to === undefined ? "everyone" : to} did not get through: ${why}`,
  react: reactionNotThrough,
  unreact: reactionNotThrough,
};

/** A message with another text, or with none any more: in the history, in views, and wherever it is quoted. */
export function amend(step: StepBuilder, message: ChatMessage): void {
  const { conversation, seq, mid } = message;
  step.write({ kind: "text", message });
  const before = step.messages.at(conversation, seq);
  step.messages.show(message);
  const contact = step.contact(conversation);
  if (contact) {
    const newest = contact.lastSeq === seq ? withNewest(contact, message) : contact;
    const isGone = message.deleted === true && contact.lastReaction?.seq === seq;
    const shown = isGone ? { ...newest, lastReaction: undefined } : newest;
    // What was taken back before it was read is not unread any more.
    const isUnread = !message.own && seq > contact.readSeq && before?.deleted !== true;
    const unread = isUnread && message.deleted === true ? Math.max(0, contact.unread - 1) : contact.unread;
    if (shown !== contact || unread !== contact.unread) step.put({ ...shown, unread });
  }
  showInAnswers(step, conversation, mid);
}

/** What answers that message shows it as it is now. */
export function showInAnswers(step: StepBuilder, conversation: ConversationId, mid: string): void {
  const quote = quoteOf(mid, step.messages.named(conversation, mid));
  for (const answer of step.messages.answersTo(conversation, mid)) step.messages.show({ ...answer, quote });
}

export function withoutText(message: ChatMessage): ChatMessage {
  const bare: ChatMessage = { ...message, text: "", deleted: true };
  delete bare.reactions;
  return bare;
}

/** @param message with the reaction in it */
export function putReaction(step: StepBuilder, message: ChatMessage, emoji: string, from: string, on: boolean): void {
  const { conversation, seq } = message;
  step.write({ kind: "reaction", conversation, seq, emoji, from, on });
  step.messages.show(message);
}

/** As the others see it: by the newest of one's own that was not refused. */
function undoReaction(step: StepBuilder, act: Act): void {
  const { conversation, target, from } = act;
  const message = step.messages.named(conversation, target);
  if (!message || message.deleted === true) return;
  const emoji = spelledOn(message, act.emoji, from);
  const on = step.context.history.ownReactionBeside(act) === "react";
  const before = withReaction(message, emoji, from, on);
  if (before) putReaction(step, before, emoji, from, on);
}

function ownMessage(
  step: StepBuilder,
  { conversation, mid }: { conversation: ConversationId; mid: string },
): ChatMessage | Failure {
  const message = step.context.history.ownMessage(conversation, mid);
  return message ?? failure("bad_request", "There is no message of yours of that id in this conversation.");
}

function send(step: StepBuilder, message: ChatMessage, kind: ActKind, mid: string, emoji: string): void {
  const { conversation, mid: target } = message;
  if (!step.me) return;
  const from = step.me.account.user;
  const sentAtMs = step.context.nowMs;
  step.addAct({ conversation, mid, from, kind, target, emoji, sentAtMs, state: "sending" });
  enqueueForSending(step, conversation, { seq: noSeq, mid });
}
