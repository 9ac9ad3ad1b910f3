// Converts the state into what views see: a contact in the shape of the wire, and the one-line preview of a message.

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

/** Whether views list the contact. A name that never belonged to anybody is not listed, though messages to it are kept. */
export function isShown({ unheard, listed, blocked }: ContactState): boolean {
  return !unheard || listed || blocked;
}

/** Returns the contact with this message as its newest. */
export function withNewest(contact: ContactState, message: ChatMessage): ContactState {
  const lastWords = message.deleted === true ? undefined : shorten(message.text);
  return { ...contact, lastSeq: message.seq, lastWords, lastOwn: message.own, lastAtMs: message.sentAtMs };
}

/** Returns how a reply shows the message that it quotes: what is known of it here, and its text in one line. */
export function quoteOf(
  mid: string,
  known: Pick<ChatMessage, "seq" | "from" | "text"> | undefined,
): NonNullable<ChatMessage["quote"]> {
  return known ? { mid, seq: known.seq, from: known.from, text: shorten(known.text) } : { mid, text: "" };
}

/** Shortens a text to one line of at most 120 characters, without characters that move or hide text. */
export function shorten(text: string): string {
  const line = withoutHidden(text.slice(0, 4 * maxWords), " ");
  const characters = Array.from(line.replace(/\s+/gu, " ").trim());
  return characters.length <= maxWords ? characters.join("") : `${characters.slice(0, maxWords - 1).join("")}…`;
}
