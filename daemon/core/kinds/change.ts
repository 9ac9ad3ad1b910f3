// The common part of all changes of a message: edit, deletion, reaction. A change is sent like a message, in order and
// exactly once, but has no place in the conversation.

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

/** How one kind of change is handled. */
export interface ChangeRules {
  /** Returns the message that the event is about; undefined if it is not known here. */
  readonly target: (step: StepBuilder, event: ConversationEvent) => ChatMessage | undefined;
  /** The event is stored with its body. A text is stored in its message only. */
  readonly keepsBody: boolean;
  /** A message that came on a direct link can only be changed on a direct link, by the same device. */
  readonly needsSameDevice: boolean;
  /** If the author may not change the target: show the change as a message of its own, or ignore it. */
  readonly ifForbidden: "show" | "ignore";
  /** If the target is not known: wait for it, or show the change in its place. */
  readonly ifUnknown: "wait" | "standIn";
  /** Applies the change to its target. @param body as `eventKinds` reads it from the wire */
  readonly apply: (step: StepBuilder, message: ChatMessage, event: ConversationEvent, body: string) => void;
  /** Reverts an own change that was refused. */
  readonly undo?: (step: StepBuilder, event: ConversationEvent) => void;
  /** Returns the text that the person is shown in that case. @param to the contact's name; undefined: everyone */
  readonly refusal: (to: string | undefined, why: string) => string;
}

/** Returns the target of an edit or a deletion, which must be a message of the same author. */
export function ownTarget(
  step: StepBuilder,
  { conversation, from, target = "" }: ConversationEvent,
): ChatMessage | undefined {
  return step.events.of(conversation, keyOfName(from), target);
}

/** Stores an own change of that message and sends it. @param body of the event, empty if its kind keeps none */
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

/** Stores an edited or deleted message, and updates it in views and wherever it is quoted. */
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
    // A message that was deleted before it was read no longer counts as unread.
    const isUnread = !message.own && seq > contact.readSeq && before?.deleted !== true;
    const unread = isUnread && message.deleted === true ? Math.max(0, contact.unread - 1) : contact.unread;
    if (shown !== contact || unread !== contact.unread) step.put({ ...shown, unread });
  }
  showInReplies(step, conversation, mid);
}
