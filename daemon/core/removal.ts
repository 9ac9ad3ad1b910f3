// Removal on this machine only: conversations that the person deleted, and messages that are older than the retention
// setting. Nobody else is informed; others keep their copies, and what they send later arrives as usual.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { failure } from "../../protocol/errors.ts";
import type { StepBuilder } from "./step-builder.ts";
import type { Command, CoreEvent } from "./inputs.ts";
import { drop } from "./outbox.ts";

const noMessages = { lastWords: undefined, lastReaction: undefined, lastAtMs: undefined, lastArrival: undefined };

/**
 * Deletes a conversation. Its block stays, and so does its contact if the directory lists it: neither is part of the
 * messages.
 */
export function deleteConversation(step: StepBuilder, command: Extract<Command, { kind: "deleteConversation" }>): void {
  const { conversation } = command;
  const contact = step.contact(conversation);
  if (!contact) {
    step.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  const { lastSeq } = contact;
  const bare = { ...contact, muted: false, unread: 0, readSeq: lastSeq, readMarkSentSeq: lastSeq };
  // The contact is stored until its messages are removed, so that no position is used twice; then it is forgotten unless
  // blocked.
  step.store({ ...bare, ...noMessages });
  step.write({ kind: "purge", conversation, throughSeq: lastSeq });
  step.outbox = drop(step.outbox, conversation);
  step.empty(conversation);
  // Other queues may be sent now that this one no longer waits.
  step.dispatchReady();
}

/** The rows are gone, so the conversation's positions may be used again. */
export function purged(step: StepBuilder, { conversation }: Extract<CoreEvent, { kind: "purged" }>): void {
  const contact = step.contact(conversation);
  if (!contact || contact.listed || contact.blocked || isEveryone(conversation)) return;
  if (step.context.history.message(conversation, contact.lastSeq) === undefined) step.remove(conversation);
}

/** Updates the contacts after a retention run. Queries see the history after it. */
export function trimmed(step: StepBuilder, { conversations }: Extract<CoreEvent, { kind: "trimmed" }>): void {
  for (const conversation of conversations) {
    const contact = step.contact(conversation);
    if (!contact) continue;
    const unread = step.context.history.countReceivedAfter(conversation, contact.readSeq);
    const isEmpty = step.context.history.message(conversation, contact.lastSeq) === undefined;
    step.put({
      ...contact,
      unread,
      ...(isEmpty ? noMessages : {}),
    });
  }
}
