// What others write, and what was read: each message stored once for ever [P-5.4], answered only when it is [P-5.1].

import { failure } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { showInAnswers } from "./change.ts";
import type { Draft } from "./step-builder.ts";
import type { Command, IncomingMessage, Occurrence } from "./inputs.ts";
import { applyPending, receiveAct } from "./receive-act.ts";
import { believedTime } from "./sent-at.ts";
import { conversationWith, everyone } from "./state.ts";
import type { ContactState } from "./state.ts";
import { quoteOf } from "./contact-views.ts";

export function receive(draft: Draft, input: Extract<Occurrence, { kind: "message" }>): void {
  const { message: incoming, receipt } = input;
  // Without an open account there is nowhere to store it: not acknowledged, so the server keeps it.
  if (!draft.me) return;
  draft.effect({ kind: "acknowledge", receipt });
  if (draft.messages.isKnown(incoming.from, incoming.mid)) return;
  const rest = receiveAct(draft, incoming, placeOf(incoming));
  if (rest) receiveMessage(draft, rest.incoming, rest.edited);
}

function receiveMessage(draft: Draft, incoming: IncomingMessage, edited: boolean): void {
  const toAll = incoming.broadcast === true;
  const { from, mid, ref, via } = incoming;
  const conversation = placeOf(incoming);
  const contact = draft.contactOrNew(conversation, toAll ? "" : from);
  const message: ChatMessage = {
    conversation,
    seq: contact.lastSeq + 1,
    mid,
    from,
    own: false,
    text: incoming.msg,
    sentAtMs: believedTime(incoming.ts, draft.around.nowMs),
    state: "received",
    ...(ref?.kind === "reply" ? { quote: quoteOf(ref.mid, draft.messages.named(conversation, ref.mid)) } : {}),
    ...(edited ? { edited } : {}),
    ...(via === undefined ? {} : { via }),
  };
  const name = toAll ? "" : from;
  draft.store({ ...draft.arrived(contact, message), name, unread: contact.unread + 1 });
  draft.addMessage(message);
  if (!toAll && !contact.listed) draft.effect({ kind: "lookUp", name: from });
  applyPending(draft, message);
  showInAnswers(draft, conversation, mid);
  const { deleted } = draft.messages.at(conversation, message.seq) ?? message;
  if (!contact.muted && !contact.blocked && deleted !== true) draft.tellAbout(message);
}

function placeOf({ broadcast, from }: IncomingMessage): ChatMessage["conversation"] {
  return broadcast === true ? everyone : conversationWith(from);
}

/** The other person saw everything up to that message. */
export function readByOther(draft: Draft, input: Extract<Occurrence, { kind: "read" }>): void {
  const conversation = conversationWith(input.from);
  const upTo = draft.around.facts.ownMessage(conversation, input.upTo);
  if (!upTo) return;
  for (const message of draft.around.facts.ownUnreadThrough(conversation, upTo.seq)) {
    const now = draft.messages.at(conversation, message.seq) ?? message;
    // What went directly is for that device: the server has nothing to say of it.
    if (now.via !== undefined && now.via !== input.via) continue;
    draft.changeMessage({ ...now, state: "read" });
  }
}

/** This person saw everything up to that position. Going back is no error and changes nothing. */
export function markRead(draft: Draft, command: Extract<Command, { kind: "markRead" }>): void {
  const contact = draft.contact(command.conversation);
  if (!contact) {
    draft.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  readThrough(draft, contact, command.upTo);
}

/** What this person writes is an answer to all that stands before it. In a step of its own. */
export function readThrough(draft: Draft, contact: ContactState, upTo: number): void {
  const readSeq = Math.min(upTo, contact.lastSeq);
  if (readSeq <= contact.readSeq) return;
  const unread = draft.around.facts.countReceivedAfter(contact.conversation, readSeq);
  const read = { ...contact, readSeq, unread };
  draft.store(read);
  tellRead(draft, read);
}

/** The author hears up to where this person has read, once there is a way to them; never where it is not to be told. */
export function tellRead(draft: Draft, contact: ContactState): void {
  const { conversation, name, readSeq, toldSeq } = contact;
  if (toldSeq >= readSeq || !draft.me) return;
  const tells = draft.tellsRead && conversation !== everyone;
  const link = draft.links.get(conversation);
  if (tells && link === undefined && draft.session.state !== "connected") return;
  const find = draft.around.facts.newestReceived.bind(draft.around.facts);
  const newest = tells ? find(conversation, toldSeq, readSeq) : undefined;
  // The server learns no id of what came directly: that waits for the next direct link.
  const waits = newest?.via !== undefined && link === undefined;
  const tellable = waits ? find(conversation, toldSeq, readSeq, true) : newest;
  const told = waits ? tellable?.seq : readSeq;
  if (told !== undefined) draft.store({ ...contact, toldSeq: told });
  if (tellable) draft.effect({ kind: "signalRead", to: name, upTo: tellable.mid, link });
}
