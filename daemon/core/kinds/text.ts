// Messages, written here or by somebody else. A reply is a message with a quotation (reply.ts).

import type { ParamsOf } from "../../../protocol/api/declare.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { isEveryone } from "../../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent } from "../../../protocol/conversations/event.ts";
import type { Pin } from "../../../protocol/pin.ts";
import type { retry as declaredRetry, send as declaredSend } from "../../../protocol/conversations/kinds/text.ts";
import { failure } from "../../../protocol/errors.ts";
import { checkSendable, enqueueForSending } from "../sending.ts";
import type { StepBuilder } from "../step-builder.ts";
import { changes, isChange } from "./changes.ts";
import { readThrough } from "./read-mark.ts";
import { quoteAt, quoteNamed, showInReplies } from "./reply.ts";

export interface SendCommand {
  readonly kind: "send";
  readonly conversation: ConversationId;
  readonly text: string;
  readonly mid: string;
  /** The position of the message that this one replies to. */
  readonly replyTo?: number;
}

export interface RetryCommand {
  readonly kind: "retry";
  readonly conversation: ConversationId;
  readonly mid: string;
}

export const requests = {
  send: (params: ParamsOf<typeof declaredSend>, newMid: string): SendCommand => {
    const { mid = newMid, conversation, text, answers } = params;
    return { kind: "send", conversation, text, mid, ...(answers === undefined ? {} : { replyTo: answers }) };
  },
  retry: (params: ParamsOf<typeof declaredRetry>): RetryCommand => ({ kind: "retry", ...params }),
};

export function send(step: StepBuilder, command: SendCommand): void {
  const { conversation, mid, text, replyTo } = command;
  const known = step.context.history.ownMessage(conversation, mid);
  if (known) {
    step.outcome = { ok: true, message: known };
    return;
  }
  const sendable = checkSendable(step, conversation, text);
  if ("code" in sendable) {
    step.refuse(sendable);
    return;
  }
  if (step.events.isKnown(sendable.me.account.user, mid)) {
    step.refuse(failure("bad_request", "That id is of another event of yours. Choose a new one."));
    return;
  }
  const { me, contact } = sendable;
  const quote = replyTo === undefined ? undefined : quoteAt(step, contact.conversation, replyTo);
  if (quote && "code" in quote) {
    step.refuse(quote);
    return;
  }
  const message: ChatMessage = {
    conversation: contact.conversation,
    seq: contact.lastSeq + 1,
    mid,
    from: me.account.user,
    own: true,
    text,
    sentAtMs: step.context.nowMs,
    state: "sending",
    ...(quote && { quote }),
  };
  const now = step.arrived(contact, message);
  step.store(now);
  step.addMessage(message);
  readThrough(step, now, message.seq);
  enqueueForSending(step, contact.conversation, message);
  step.outcome = { ok: true, message };
}

/** Sends a refused message again, with its current text. */
export function retry(step: StepBuilder, command: RetryCommand): void {
  const message = step.context.history.ownMessage(command.conversation, command.mid);
  if (message?.state !== "failed" || message.deleted === true) {
    step.refuse(failure("bad_request", "There is no failed message of that id in this conversation."));
    return;
  }
  const sendable = checkSendable(step, message.conversation, message.text);
  if ("code" in sendable) {
    step.refuse(sendable);
    return;
  }
  const again: ChatMessage = { ...message, state: "sending" };
  delete again.failure;
  step.changeMessage(again);
  enqueueForSending(step, message.conversation, message);
}

/** What else is known about a received message. */
export interface Arrival {
  /** The key of the direct link on which it arrived; absent if it came through the server. */
  readonly via?: Pin | undefined;
  /** It is an edit that is shown in place of an unknown message. */
  readonly edited?: boolean;
}

export function receiveMessage(step: StepBuilder, event: ConversationEvent, { via, edited = false }: Arrival): void {
  const { conversation, mid, from, target, body: text, sentAtMs } = event;
  const toAll = isEveryone(conversation);
  const name = toAll ? "" : from;
  const contact = step.contactOrNew(conversation, name);
  const seq = contact.lastSeq + 1;
  const message: ChatMessage = {
    ...{ conversation, seq, mid, from, own: false, text, sentAtMs, state: "received" },
    ...(event.kind === "reply" && target !== undefined ? { quote: quoteNamed(step, conversation, target) } : {}),
    ...(edited ? { edited } : {}),
    ...(via === undefined ? {} : { via }),
  };
  step.store({ ...step.arrived(contact, message), name, unread: contact.unread + 1 });
  step.addMessage(message);
  if (!toAll && !contact.listed) step.effect({ kind: "lookUp", name: from });
  applyPending(step, message);
  showInReplies(step, conversation, mid);
  const { deleted } = step.events.at(conversation, seq) ?? message;
  if (!contact.muted && !contact.blocked && deleted !== true) step.tellAbout(message);
}

/** Applies the changes that arrived before this message. */
function applyPending(step: StepBuilder, { conversation, seq, mid }: ChatMessage): void {
  for (const event of step.events.pendingFor({ conversation, mid })) {
    if (!isChange(event.kind)) continue;
    const { target, apply, needsSameDevice } = changes[event.kind];
    const message = step.events.at(conversation, seq);
    if (!message || target(step, event)?.seq !== seq) continue;
    // The device that a change came from is not stored.
    if (needsSameDevice && message.via !== undefined) continue;
    step.changeState(event, "received");
    apply(step, message, event, event.body);
  }
}
