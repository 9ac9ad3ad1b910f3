// What others write, and what was read: each message stored once for ever [P-5.4], answered only when it is [P-5.1].

import { failure } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { showInAnswers } from "./change.ts";
import type { StepBuilder } from "./step-builder.ts";
import type { Command, IncomingMessage, CoreEvent } from "./inputs.ts";
import { applyPending, receiveAct } from "./receive-act.ts";
import { believedTime } from "./sent-at.ts";
import { conversationWith, everyone, isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { ContactState } from "./state.ts";
import { quoteOf } from "./contact-views.ts";

export function receive(step: StepBuilder, input: Extract<CoreEvent, { kind: "message" }>): void {
  const { message: incoming, receipt } = input;
  // Without an open account there is nowhere to store it: not acknowledged, so the server keeps it.
  if (!step.me) return;
  step.effect({ kind: "acknowledge", receipt });
  if (step.messages.isKnown(incoming.from, incoming.mid)) return;
  const rest = receiveAct(step, incoming, placeOf(incoming));
  if (rest) receiveMessage(step, rest.incoming, rest.edited);
}

function receiveMessage(step: StepBuilder, incoming: IncomingMessage, edited: boolean): void {
  const toAll = incoming.broadcast === true;
  const { from, mid, ref, via } = incoming;
  const conversation = placeOf(incoming);
  const contact = step.contactOrNew(conversation, toAll ? "" : from);
  const message: ChatMessage = {
    conversation,
    seq: contact.lastSeq + 1,
    mid,
    from,
    own: false,
    text: incoming.msg,
    sentAtMs: believedTime(incoming.ts, step.context.nowMs),
    state: "received",
    ...(ref?.kind === "reply" ? { quote: quoteOf(ref.mid, step.messages.named(conversation, ref.mid)) } : {}),
    ...(edited ? { edited } : {}),
    ...(via === undefined ? {} : { via }),
  };
  const name = toAll ? "" : from;
  step.store({ ...step.arrived(contact, message), name, unread: contact.unread + 1 });
  step.addMessage(message);
  if (!toAll && !contact.listed) step.effect({ kind: "lookUp", name: from });
  applyPending(step, message);
  showInAnswers(step, conversation, mid);
  const { deleted } = step.messages.at(conversation, message.seq) ?? message;
  if (!contact.muted && !contact.blocked && deleted !== true) step.tellAbout(message);
}

function placeOf({ broadcast, from }: IncomingMessage): ChatMessage["conversation"] {
  return broadcast === true ? everyone : conversationWith(from);
}

/** The other person saw everything up to that message. */
export function readByOther(step: StepBuilder, input: Extract<CoreEvent, { kind: "read" }>): void {
  const conversation = conversationWith(input.from);
  const upTo = step.context.history.ownMessage(conversation, input.upTo);
  if (!upTo) return;
  for (const message of step.context.history.ownUnreadThrough(conversation, upTo.seq)) {
    const now = step.messages.at(conversation, message.seq) ?? message;
    // What went directly is for that device: the server has nothing to say of it.
    if (now.via !== undefined && now.via !== input.via) continue;
    step.changeMessage({ ...now, state: "read" });
  }
}

/** This person saw everything up to that position. Going back is no error and changes nothing. */
export function markRead(step: StepBuilder, command: Extract<Command, { kind: "markRead" }>): void {
  const contact = step.contact(command.conversation);
  if (!contact) {
    step.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  readThrough(step, contact, command.upTo);
}

/** This person wants to come back to that message. Its author was told what they were told: nothing of that is taken back. */
export function markUnread(step: StepBuilder, command: Extract<Command, { kind: "markUnread" }>): void {
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

/** What this person writes is an answer to all that stands before it. In a step of its own. */
export function readThrough(step: StepBuilder, contact: ContactState, upTo: number): void {
  const readSeq = Math.min(upTo, contact.lastSeq);
  if (readSeq <= contact.readSeq) return;
  const unread = step.context.history.countReceivedAfter(contact.conversation, readSeq);
  const read = { ...contact, readSeq, unread };
  step.store(read);
  tellRead(step, read);
}

/** The author hears up to where this person has read, once there is a way to them; never where it is not to be told. */
export function tellRead(step: StepBuilder, contact: ContactState): void {
  const { conversation, name, readSeq, toldSeq } = contact;
  if (toldSeq >= readSeq || !step.me) return;
  const tells = step.tellsRead && !isEveryone(conversation);
  const link = step.links.get(conversation);
  if (tells && link === undefined && step.session.state !== "connected") return;
  const find = step.context.history.newestReceived.bind(step.context.history);
  const newest = tells ? find(conversation, toldSeq, readSeq) : undefined;
  // The server learns no id of what came directly: that waits for the next direct link.
  const waits = newest?.via !== undefined && link === undefined;
  const tellable = waits ? find(conversation, toldSeq, readSeq, true) : newest;
  const told = waits ? tellable?.seq : readSeq;
  if (told !== undefined) step.store({ ...contact, toldSeq: told });
  if (tellable) step.effect({ kind: "signalRead", to: name, upTo: tellable.mid, link });
}
