// Up to where somebody has read. Ephemeral on the wire, and kept in the history.

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
  /** The key of the direct link that it came on; absent: by the server. */
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

/** The other person has read everything up to that message. */
export function readByOther(step: StepBuilder, input: ReadEvent): void {
  const conversation = conversationWith(input.from);
  const upTo = step.context.history.ownMessage(conversation, input.upTo);
  if (!upTo) return;
  for (const message of step.context.history.ownUnreadThrough(conversation, upTo.seq)) {
    const now = step.events.at(conversation, message.seq) ?? message;
    // What went directly is for that device: the server has nothing to say of it.
    if (now.via !== undefined && now.via !== input.via) continue;
    step.changeMessage({ ...now, state: "read" });
  }
}

/** This person has read everything up to that position. Going back is no error and changes nothing. */
export function markRead(step: StepBuilder, command: MarkReadCommand): void {
  const contact = step.contact(command.conversation);
  if (!contact) {
    step.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  readThrough(step, contact, command.upTo);
}

/** This person wants to come back to that message. The read mark that its author has stays. */
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

/** Whoever writes has read what was there before. In a step of its own. */
export function readThrough(step: StepBuilder, contact: ContactState, upTo: number): void {
  const readSeq = Math.min(upTo, contact.lastSeq);
  if (readSeq <= contact.readSeq) return;
  const unread = step.context.history.countReceivedAfter(contact.conversation, readSeq);
  const read = { ...contact, readSeq, unread };
  step.store(read);
  tellRead(step, read);
}

/** Tells the author up to where this person has read, as soon as there is a way to them, unless read marks are off. */
export function tellRead(step: StepBuilder, contact: ContactState): void {
  const { conversation, name, readSeq, toldSeq } = contact;
  if (toldSeq >= readSeq || !step.me) return;
  const tells = step.tellsRead && !isEveryone(conversation);
  const link = step.links.get(conversation);
  if (tells && link === undefined && step.session.state !== "connected") return;
  const find = step.context.history.newestReceived.bind(step.context.history);
  const newest = tells ? find(conversation, toldSeq, readSeq) : undefined;
  // The server learns no id of a message that came directly: that waits for the next direct link.
  const waits = newest?.via !== undefined && link === undefined;
  const tellable = waits ? find(conversation, toldSeq, readSeq, true) : newest;
  const told = waits ? tellable?.seq : readSeq;
  if (told !== undefined) step.store({ ...contact, toldSeq: told });
  if (tellable) step.effect({ kind: "signalRead", to: name, upTo: tellable.mid, link });
}
