// What goes from this machine alone: a conversation that the person deleted, and what is older than they want to keep.
// Nobody else is told; what others have stays with them, and what they send later arrives as usual.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { failure } from "../../protocol/errors.ts";
import type { StepBuilder } from "./step-builder.ts";
import type { Command, CoreEvent } from "./inputs.ts";
import { drop } from "./outbox.ts";

const nothingSaid = { lastWords: undefined, lastReaction: undefined, lastAtMs: undefined, lastArrival: undefined };

/** A block stays, and who the directory says is there: those are no part of what was said. */
export function deleteConversation(step: StepBuilder, command: Extract<Command, { kind: "deleteConversation" }>): void {
  const { conversation } = command;
  const contact = step.contact(conversation);
  if (!contact) {
    step.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  const { lastSeq } = contact;
  const bare = { ...contact, muted: false, unread: 0, readSeq: lastSeq, toldSeq: lastSeq };
  // Stored while its messages go, so that no position is given twice; then forgotten, unless it is blocked.
  step.store({ ...bare, ...nothingSaid });
  step.write({ kind: "purge", conversation, throughSeq: lastSeq });
  step.outbox = drop(step.outbox, conversation);
  step.empty(conversation);
  // Others may go now that these wait no longer.
  step.dispatchReady();
}

/** Its rows are gone, and with them the reason why its positions may not be used again. */
export function purged(step: StepBuilder, { conversation }: Extract<CoreEvent, { kind: "purged" }>): void {
  const contact = step.contact(conversation);
  if (!contact || contact.listed || contact.blocked || isEveryone(conversation)) return;
  if (step.context.history.message(conversation, contact.lastSeq) === undefined) step.remove(conversation);
}

/** The facts are those of after it. */
export function trimmed(step: StepBuilder, { conversations }: Extract<CoreEvent, { kind: "trimmed" }>): void {
  for (const conversation of conversations) {
    const contact = step.contact(conversation);
    if (!contact) continue;
    const unread = step.context.history.countReceivedAfter(conversation, contact.readSeq);
    const isEmpty = step.context.history.message(conversation, contact.lastSeq) === undefined;
    step.put({
      ...contact,
      unread,
      ...(isEmpty ? nothingSaid : {}),
    });
  }
}
