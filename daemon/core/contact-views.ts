// What views see of the state: the wire's shape of a contact, and the one line of a message that a tree shows.

import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import { withoutHidden } from "../../protocol/text/hidden-characters.ts";
import type { ContactState, State } from "./state.ts";

const maxWords = 120;

export function contactView(state: Pick<State, "session">, contact: ContactState): Contact {
  const { conversation, name, presence, presenceText, blocked, muted, unread, lastWords, lastOwn } = contact;
  const { lastReaction, lastAtMs, lastArrival, route, key } = contact;
  const reachable = state.session.state === "connected";
  return {
    conversation,
    name,
    presence: reachable ? presence : route?.kind === "direct" ? "available" : "offline",
    ...(reachable && presenceText !== undefined ? { presenceText } : {}),
    ...(reachable && contact.unknown ? { unknown: true } : {}),
    blocked,
    muted,
    unread,
    ...(lastWords === undefined ? {} : { lastWords }),
    ...(lastWords !== undefined && lastOwn ? { lastOwn } : {}),
    ...(lastReaction && { lastReaction: { emoji: lastReaction.emoji, from: lastReaction.from } }),
    ...(lastAtMs === undefined ? {} : { lastAtMs }),
    ...(lastArrival === undefined ? {} : { lastArrival }),
    ...(route === undefined ? {} : { route }),
    ...(key === undefined ? {} : { key }),
  };
}

export function contactViews(state: State): Contact[] {
  return [...state.contacts.values()].filter(isShown).map((contact) => contactView(state, contact));
}

/** A name that was never anybody's is no contact, though what was written to it is kept. */
export function isShown({ unheard, listed, blocked }: ContactState): boolean {
  return !unheard || listed || blocked;
}

/** The contact with its newest message. */
export function withNewest(contact: ContactState, message: ChatMessage): ContactState {
  const lastWords = message.deleted === true ? undefined : shorten(message.text);
  return { ...contact, lastSeq: message.seq, lastWords, lastOwn: message.own, lastAtMs: message.sentAtMs };
}

/** How a message shows the one that it answers: what is known of it here, and its words in one line. */
export function quoteOf(
  mid: string,
  known: Pick<ChatMessage, "seq" | "from" | "text"> | undefined,
): NonNullable<ChatMessage["quote"]> {
  return known ? { mid, seq: known.seq, from: known.from, text: shorten(known.text) } : { mid, text: "" };
}

/** One line of at most 120 characters, without anything that moves or hides text. */
export function shorten(text: string): string {
  const line = withoutHidden(text.slice(0, 4 * maxWords), " ");
  const characters = Array.from(line.replace(/\s+/gu, " ").trim());
  return characters.length <= maxWords ? characters.join("") : `${characters.slice(0, maxWords - 1).join("")}…`;
}
