// What this person does to messages that were written: it counts here at once, and travels through the outbox [P-4.15].

import { reactionOf } from "../../protocol/text/emoji-key.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { ChatMessage, ConversationId } from "../../protocol/api/model.ts";
import { deletedWords, noSeq, spelledOn, withReaction } from "./acts.ts";
import type { Act, ActKind } from "./acts.ts";
import type { Draft } from "./step-builder.ts";
import type { Command, Occurrence } from "./inputs.ts";
import { putOut, readyToSend } from "./ready.ts";
import { everyone } from "./state.ts";
import { quoteOf, withNewest } from "./contact-views.ts";

export function edit(draft: Draft, command: Extract<Command, { kind: "edit" }>): void {
  const { conversation, text } = command;
  const message = ownMessage(draft, command);
  if ("code" in message) {
    draft.outcome = message;
    return;
  }
  if (message.deleted === true) {
    draft.outcome = failure("bad_request", "That message was deleted. Write a new one.");
    return;
  }
  if (text.trim() === "") {
    draft.outcome = failure("bad_request", "The message would be empty. Delete it instead.");
    return;
  }
  if (text === message.text) return;
  // Nobody else has seen a message that was refused: Retry sends it as it is then.
  const unseen = message.state === "failed";
  const ready = readyToSend(draft, conversation, text);
  if ("code" in ready) {
    draft.outcome = ready;
    return;
  }
  amend(draft, { ...message, text, ...(unseen ? {} : { edited: true }) });
  if (!unseen) send(draft, message, "edit", command.act, "");
}

export function takeBack(draft: Draft, command: Extract<Command, { kind: "delete" }>): void {
  const message = ownMessage(draft, command);
  if ("code" in message) {
    draft.outcome = message;
    return;
  }
  if (message.deleted === true) return;
  const ready = readyToSend(draft, command.conversation, deletedWords);
  if ("code" in ready) {
    draft.outcome = ready;
    return;
  }
  amend(draft, withoutText(message));
  if (message.state !== "failed") send(draft, message, "delete", command.act, "");
}

export function react(draft: Draft, command: Extract<Command, { kind: "react" }>): void {
  const { conversation, seq, on } = command;
  const ready = readyToSend(draft, conversation, command.emoji);
  if ("code" in ready) {
    draft.outcome = ready;
    return;
  }
  const message = draft.messages.at(conversation, seq);
  if (!message || message.deleted === true || message.state === "failed") {
    draft.outcome = failure("bad_request", "There is no such message to react to.");
    return;
  }
  const emoji = reactionOf(command.emoji);
  if (emoji === undefined) {
    draft.outcome = failure("bad_request", "A reaction is one emoji.");
    return;
  }
  const { user } = ready.me.account;
  const spelled = spelledOn(message, emoji, user);
  const reacted = withReaction(message, spelled, user, on);
  if (!reacted) {
    draft.outcome = failure("bad_request", "That message has 32 different reactions already. Use one of them.");
    return;
  }
  if (JSON.stringify(reacted.reactions) === JSON.stringify(message.reactions)) return;
  putReaction(draft, reacted, spelled, user, on);
  send(draft, message, on ? "react" : "unreact", command.act, emoji);
}

/** The answer to an own act. What was refused is not the same on both sides: the person is told. */
export function actAnswered(draft: Draft, input: Extract<Occurrence, { kind: "answered" }>): void {
  const act = draft.around.facts.ownAct(input.mid);
  if (!act) return;
  const { from, mid, conversation, kind } = act;
  const { outcome } = input;
  const state = !outcome.ok ? "failed" : outcome.delivery === "queued" ? "queued" : "sent";
  draft.write({ kind: "actState", from, mid, state });
  if (outcome.ok) return;
  const contact = conversation === everyone ? undefined : draft.contact(conversation);
  draft.effect({ kind: "announce", text: notThrough[kind](contact?.name, outcome.reason) });
  if (act.emoji !== "") undoReaction(draft, act);
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
export function amend(draft: Draft, message: ChatMessage): void {
  const { conversation, seq, mid } = message;
  draft.write({ kind: "text", message });
  const before = draft.messages.at(conversation, seq);
  draft.messages.show(message);
  const contact = draft.contact(conversation);
  if (contact) {
    const shown = contact.lastSeq === seq ? withNewest(contact, message) : contact;
    // What was taken back before it was read is not unread any more.
    const isUnread = !message.own && seq > contact.readSeq && before?.deleted !== true;
    const unread = isUnread && message.deleted === true ? Math.max(0, contact.unread - 1) : contact.unread;
    if (shown !== contact || unread !== contact.unread) draft.put({ ...shown, unread });
  }
  showInAnswers(draft, conversation, mid);
}

/** What answers that message shows it as it is now. */
export function showInAnswers(draft: Draft, conversation: ConversationId, mid: string): void {
  const quote = quoteOf(mid, draft.messages.named(conversation, mid));
  for (const answer of draft.messages.answersTo(conversation, mid)) draft.messages.show({ ...answer, quote });
}

export function withoutText(message: ChatMessage): ChatMessage {
  const bare: ChatMessage = { ...message, text: "", deleted: true };
  delete bare.reactions;
  return bare;
}

/** @param message with the reaction in it */
export function putReaction(draft: Draft, message: ChatMessage, emoji: string, from: string, on: boolean): void {
  const { conversation, seq } = message;
  draft.write({ kind: "reaction", conversation, seq, emoji, from, on });
  draft.messages.show(message);
}

/** As the others see it: by the newest of one's own that was not refused. */
function undoReaction(draft: Draft, act: Act): void {
  const { conversation, target, from } = act;
  const message = draft.messages.named(conversation, target);
  if (!message || message.deleted === true) return;
  const emoji = spelledOn(message, act.emoji, from);
  const on = draft.around.facts.ownReactionBeside(act) === "react";
  const before = withReaction(message, emoji, from, on);
  if (before) putReaction(draft, before, emoji, from, on);
}

function ownMessage(
  draft: Draft,
  { conversation, mid }: { conversation: ConversationId; mid: string },
): ChatMessage | Failure {
  const message = draft.around.facts.ownMessage(conversation, mid);
  return message ?? failure("bad_request", "There is no message of yours of that id in this conversation.");
}

function send(draft: Draft, message: ChatMessage, kind: ActKind, mid: string, emoji: string): void {
  const { conversation, mid: target } = message;
  if (!draft.me) return;
  const from = draft.me.account.user;
  const sentAtMs = draft.around.nowMs;
  draft.addAct({ conversation, mid, from, kind, target, emoji, sentAtMs, state: "sending" });
  putOut(draft, conversation, { seq: noSeq, mid });
}
