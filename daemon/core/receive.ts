// What others write, and what was read: each message stored once for ever [P-5.4], answered only when it is [P-5.1].

import { failure } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/editor/model.ts";
import type { Draft } from "./draft.ts";
import type { Command, Occurrence } from "./inputs.ts";
import { conversationWith, everyone } from "./state.ts";
import { withNewest } from "./views.ts";

export function receive(draft: Draft, input: Extract<Occurrence, { kind: "message" }>): void {
  const { message: incoming, receipt } = input;
  // Without an open account there is nowhere to store it: not acknowledged, so the server keeps it.
  if (!draft.me) return;
  draft.effect({ kind: "acknowledge", receipt });
  if (draft.isKnown(incoming)) return;

  const toAll = incoming.broadcast === true;
  const conversation = toAll ? everyone : conversationWith(incoming.from);
  const contact = draft.contactOrNew(conversation, toAll ? "" : incoming.from);
  const message: ChatMessage = {
    conversation,
    seq: contact.lastSeq + 1,
    mid: incoming.mid,
    from: incoming.from,
    own: false,
    text: incoming.msg,
    sentAtMs: incoming.ts ?? draft.around.nowMs,
    state: "received",
  };
  const name = toAll ? "" : incoming.from;
  draft.store({ ...withNewest(contact, message), name, unread: contact.unread + 1 });
  draft.addMessage(message);
  if (!toAll && !contact.listed) draft.effect({ kind: "lookUp", name: incoming.from });
  if (!contact.muted && !contact.blocked) draft.tellAbout(message);
}

/** The other person saw everything up to that message. */
export function readByOther(draft: Draft, input: Extract<Occurrence, { kind: "read" }>): void {
  const conversation = conversationWith(input.from);
  const upTo = draft.around.facts.ownMessage(conversation, input.upTo);
  if (!upTo) return;
  for (const message of draft.around.facts.ownUnreadThrough(conversation, upTo.seq)) {
    draft.changeMessage({ ...message, state: "read" });
  }
}

/** This person saw everything up to that position. Going back is no error and changes nothing. */
export function markRead(draft: Draft, command: Extract<Command, { kind: "markRead" }>): void {
  const contact = draft.contact(command.conversation);
  if (!contact) {
    draft.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  const readSeq = Math.min(command.upTo, contact.lastSeq);
  if (readSeq <= contact.readSeq) return;
  const { facts } = draft.around;
  const unread = facts.countReceivedAfter(contact.conversation, readSeq);
  draft.store({ ...contact, readSeq, unread });
  const newest = facts.newestReceived(contact.conversation, contact.readSeq, readSeq);
  const link = draft.links.get(contact.conversation);
  const reached = link !== undefined || draft.session.state === "connected";
  if (newest !== undefined && contact.conversation !== everyone && reached) {
    draft.effect({ kind: "signalRead", to: contact.name, upTo: newest, link });
  }
}
