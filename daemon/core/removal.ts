// What goes from this machine alone: a conversation that the person deleted, and what is older than they want to keep.
// Nobody else is told; what others have stays with them, and what they send later arrives as usual.

import { failure } from "../../protocol/errors.ts";
import type { Draft } from "./step-builder.ts";
import type { Command, Occurrence } from "./inputs.ts";
import { drop } from "./outbox.ts";
import { everyone } from "./state.ts";

/** A block stays, and who the directory says is there: those are no part of what was said. */
export function deleteConversation(draft: Draft, command: Extract<Command, { kind: "deleteConversation" }>): void {
  const { conversation } = command;
  const contact = draft.contact(conversation);
  if (!contact) {
    draft.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  const { lastSeq } = contact;
  const bare = { ...contact, muted: false, unread: 0, readSeq: lastSeq, toldSeq: lastSeq };
  // Stored while its messages go, so that no position is given twice; then forgotten, unless it is blocked.
  draft.store({ ...bare, lastWords: undefined, lastAtMs: undefined, lastArrival: undefined });
  draft.write({ kind: "purge", conversation, throughSeq: lastSeq });
  draft.outbox = drop(draft.outbox, conversation);
  draft.empty(conversation);
  // Others may go now that these wait no longer.
  draft.pump();
}

/** Its rows are gone, and with them the reason why its positions may not be used again. */
export function purged(draft: Draft, { conversation }: Extract<Occurrence, { kind: "purged" }>): void {
  const contact = draft.contact(conversation);
  if (!contact || contact.listed || contact.blocked || conversation === everyone) return;
  if (draft.around.facts.message(conversation, contact.lastSeq) === undefined) draft.remove(conversation);
}

/** The facts are those of after it. */
export function trimmed(draft: Draft, { conversations }: Extract<Occurrence, { kind: "trimmed" }>): void {
  for (const conversation of conversations) {
    const contact = draft.contact(conversation);
    if (!contact) continue;
    const unread = draft.around.facts.countReceivedAfter(conversation, contact.readSeq);
    const isEmpty = draft.around.facts.message(conversation, contact.lastSeq) === undefined;
    draft.put({
      ...contact,
      unread,
      ...(isEmpty ? { lastWords: undefined, lastAtMs: undefined, lastArrival: undefined } : {}),
    });
  }
}
