// Read marks: up to where somebody has read. Ephemeral on the wire, and kept in the history.

import { conversationWith, isEveryone } from "../../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type {
  markRead as declaredRead,
  markUnread as declaredUnread,
} from "../../../protocol/conversations/kinds/read-mark.ts";
import type { ParamsOf } from "../../../protocol/api/declare.ts";
import { failure } from "../../../protocol/errors.ts";
import type { Pin } from "../../../protocol/pin.ts";
import type { ContactState } from "../state.ts";
import type { StepBuilder } from "../step-builder.ts";

/** The other person has read this person's messages up to that one. */
export interface ReadEvent {
  readonly kind: "read";
  readonly from: string;
  readonly upTo: string;
  /** The key of the direct link on which it arrived; absent if it came through the server. */
  readonly via?: Pin;
}

export interface MarkReadCommand {
  readonly kind: "markRead";
  readonly conversation: ConversationId;
  readonly upTo: number;
}

export interface MarkUnreadCommand {
  readonly kind: "markUnread";
  readonly conversation: ConversationId;
  readonly from: number;
}

export const requests = {
  markRead: (params: ParamsOf<typeof declaredRead>): MarkReadCommand => ({ kind: "markRead", ...params }),
  markUnread: (params: ParamsOf<typeof declaredUnread>): MarkUnreadCommand => ({ kind: "markUnread", ...params }),
};

/** Marks own messages up to that one as read by the other person. */
export function readByOther(step: StepBuilder, input: ReadEvent): void {
  const conversation = conversationWith(input.from);
  const upTo = step.context.history.ownMessage(conversation, input.upTo);
  if (!upTo) return;
  for (const message of step.context.history.ownUnreadThrough(conversation, upTo.seq)) {
    const now = step.events.at(conversation, message.seq) ?? message;
    // A message sent directly is for that device only: a read mark from the server does not count for it.
    if (now.via !== undefined && now.via !== input.via) continue;
    step.changeMessage({ ...now, state: "read" });
  }
}

/** Marks everything up to that position as read by this person. A lower position is no error and changes nothing. */
export function markRead(step: StepBuilder, command: MarkReadCommand): void {
  const contact = step.contact(command.conversation);
  if (!contact) {
    step.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  readThrough(step, contact, command.upTo);
}

/** Marks a message as unread, so that this person comes back to it. The read mark already sent to its author stays. */
export function markUnread(step: StepBuilder, command: MarkUnreadCommand): void {
  const { conversation, from } = command;
  const contact = step.contact(conversation);
  const readSeq = from - 1;
  const unread = step.context.history.countReceivedAfter(conversation, readSeq);
  if (!contact || unread === 0) {
    step.outcome = failure("bad_request", "There is nothing of somebody else there that could be unread.");
    return;
  }
  if (readSeq < contact.readSeq) step.store({ ...contact, readSeq, unread });
  else readThrough(step, contact, readSeq);
}

/**
 * Marks everything up to that position as read, because a person who writes has read what was there before. In a separate
 * step.
 */
export function readThrough(step: StepBuilder, contact: ContactState, upTo: number): void {
  const readSeq = Math.min(upTo, contact.lastSeq);
  if (readSeq <= contact.readSeq) return;
  const unread = step.context.history.countReceivedAfter(contact.conversation, readSeq);
  const read = { ...contact, readSeq, unread };
  step.store(read);
  tellRead(step, read);
}

/** Sends the author a read mark as soon as there is a way to them, unless read marks are off. */
export function tellRead(step: StepBuilder, contact: ContactState): void {
  const { conversation, name, readSeq, readMarkSentSeq } = contact;
  if (readMarkSentSeq >= readSeq || !step.me) return;
  const tells = step.tellsRead && !isEveryone(conversation);
  const link = step.links.get(conversation);
  if (tells && link === undefined && step.session.state !== "connected") return;
  const find = step.context.history.newestReceived.bind(step.context.history);
  const newest = tells ? find(conversation, readMarkSentSeq, readSeq) : undefined;
  // The server must not learn the id of a message that came directly: its read mark waits for the next direct link.
  const waits = newest?.via !== undefined && link === undefined;
  const tellable = waits ? find(conversation, readMarkSentSeq, readSeq, true) : newest;
  const told = waits ? tellable?.seq : readSeq;
  if (told !== undefined) step.store({ ...contact, readMarkSentSeq: told });
  if (tellable) step.effect({ kind: "signalRead", to: name, upTo: tellable.mid, link });
}
