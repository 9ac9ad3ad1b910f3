// What all changes of a message have in common: an edit, a deletion, a reaction. A change travels like a message, in order
// and once, but has no place in the conversation.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent, EventKind } from "../../../protocol/conversations/event.ts";
import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { withNewest } from "../contact-views.ts";
import { enqueueForSending } from "../sending.ts";
import type { StepBuilder } from "../step-builder.ts";
import { showInReplies } from "./reply.ts";

/** How one kind of change is taken. */
export interface ChangeRules {
  /** The message that the event is about; undefined if it is not known here. */
  readonly target: (step: StepBuilder, event: ConversationEvent) => ChatMessage | undefined;
  /** The event is stored with its body. A text is stored in its message only. */
  readonly keepsBody: boolean;
  /** A message that came directly is changed directly only, by the same device. */
  readonly needsSameDevice: boolean;
  /** If it may not change its target: shown as a message of its own, or ignored. */
  readonly ifForbidden: "show" | "ignore";
  /** If its target is not known: it waits, or stands in the place of its target. */
  readonly ifUnknown: "wait" | "standIn";
  /** @param body as `eventKinds` reads it from the wire */
  readonly apply: (step: StepBuilder, message: ChatMessage, event: ConversationEvent, body: string) => void;
  /** Takes an own one back that was refused. */
  readonly undo?: (step: StepBuilder, event: ConversationEvent) => void;
  /** What the person is told then. @param to the contact's name; undefined: everyone */
  readonly refusal: (to: string | undefined, why: string) => string;
}

/** Edits and deletions are about messages of the same author. */
export function ownTarget(
  step: StepBuilder,
  { conversation, from, target = "" }: ConversationEvent,
): ChatMessage | undefined {
  return step.events.of(conversation, keyOfName(from), target);
}

/** Stores an own change of that message, and sends it. @param body of the event, empty if its kind keeps none */
export function sendChange(step: StepBuilder, kind: EventKind, message: ChatMessage, mid: string, body: string): void {
  const { conversation, mid: target } = message;
  if (!step.me) return;
  const from = step.me.account.user;
  step.addEvent({ conversation, mid, from, kind, target, body, sentAtMs: step.context.nowMs, state: "sending" });
  enqueueForSending(step, conversation, { mid });
}

export function ownMessage(
  step: StepBuilder,
  { conversation, target }: { readonly conversation: ConversationId; readonly target: string },
): ChatMessage | Failure {
  const message = step.context.history.ownMessage(conversation, target);
  return message ?? failure("bad_request", "There is no message of yours of that id in this conversation.");
}

/** A message with another text, or deleted: in the history, in views, and wherever it is quoted. */
export function changeText(step: StepBuilder, message: ChatMessage): void {
  const { conversation, seq, mid } = message;
  step.write({ kind: "text", message });
  const before = step.events.at(conversation, seq);
  step.events.show(message);
  const contact = step.contact(conversation);
  if (contact) {
    const newest = contact.lastSeq === seq ? withNewest(contact, message) : contact;
    const isGone = message.deleted === true && contact.lastReaction?.seq === seq;
    const shown = isGone ? { ...newest, lastReaction: undefined } : newest;
    // A message that was deleted before it was read is no longer unread.
    const isUnread = !message.own && seq > contact.readSeq && before?.deleted !== true;
    const unread = isUnread && message.deleted === true ? Math.max(0, contact.unread - 1) : contact.unread;
    if (shown !== contact || unread !== contact.unread) step.put({ ...shown, unread });
  }
  showInReplies(step, conversation, mid);
}
