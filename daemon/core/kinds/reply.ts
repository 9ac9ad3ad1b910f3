// Replies: which earlier message a reply quotes, and what the quotation shows.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import { quoteOf } from "../contact-views.ts";
import type { StepBuilder } from "../step-builder.ts";

type Quote = NonNullable<ChatMessage["quote"]>;

/**
 * Returns the quotation for a reply to the message at that position.
 * @param seq of the message that this person replies to
 */
export function quoteAt(step: StepBuilder, conversation: ConversationId, seq: number): Quote | Failure {
  const target = step.events.at(conversation, seq);
  if (target && target.deleted !== true) return quoteOf(target.mid, target);
  return failure("bad_request", "The message that this one would answer is gone.");
}

/** Returns the quotation for a received reply. @param mid of the quoted message, which need not be known here */
export function quoteNamed(step: StepBuilder, conversation: ConversationId, mid: string): Quote {
  return quoteOf(mid, step.events.named(conversation, mid));
}

/** Updates the replies to that message, so that they quote its current text. */
export function showInReplies(step: StepBuilder, conversation: ConversationId, mid: string): void {
  const quote = quoteNamed(step, conversation, mid);
  for (const reply of step.events.repliesTo(conversation, mid)) step.events.show({ ...reply, quote });
}
