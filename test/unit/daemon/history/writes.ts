// The writes of a new event, as tests need them.

import type { Write } from "../../../../daemon/core/effects.ts";
import type { ChatMessage } from "../../../../protocol/api/model.ts";
import type { ConversationEvent } from "../../../../protocol/conversations/event.ts";

/** A message; a reply if it quotes one. */
export function add(message: ChatMessage): Write {
  const { conversation, mid, from, quote, text: body, sentAtMs, state } = message;
  const about = quote ? ({ kind: "reply", target: quote.mid } as const) : ({ kind: "text" } as const);
  return { kind: "event", event: { conversation, mid, from, ...about, body, sentAtMs, state }, message };
}

/** The state that the message has, as a write of its own. */
export function stateOf({ from, mid, state, failure, via }: ChatMessage): Write {
  return { kind: "state", from, mid, state, ...(failure && { failure }), ...(via !== undefined && { via }) };
}

/** A change of a message: Bob's reaction, waiting for the message b1, unless it is said otherwise. */
export function change(added: Partial<ConversationEvent> = {}): ConversationEvent {
  return {
    ...({ conversation: "user:bob", mid: "a1", from: "Bob", kind: "reaction", target: "b1", body: "👍" } as const),
    ...({ sentAtMs: 5, state: "pending" } as const),
    ...added,
  };
}

export function addChange(event: ConversationEvent): Write {
  return { kind: "event", event };
}
