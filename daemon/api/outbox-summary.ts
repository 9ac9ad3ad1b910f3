// What waits to be sent, as `status` reports it: for whom, how much, and until when it is retried.

import { nameInId } from "../../protocol/conversations/conversation-id.ts";
import { outboxSize } from "../core/outbox.ts";
import { triedUntilMs } from "../core/state.ts";
import type { State } from "../core/state.ts";

export interface WaitingMessages {
  readonly outbox: number;
  readonly waiting: { readonly name: string; readonly messages: number }[];
  /** Milliseconds since 1970; absent if nothing is retried without a view. */
  readonly triedUntilMs?: number;
}

/** The list is for a person to read. */
const maxNamed = 50;

export function waitingMessages(state: State, nowMs = Date.now()): WaitingMessages {
  const untilMs = triedUntilMs(state, nowMs);
  const waiting = [...state.outbox.queues]
    .map(([conversation, { entries }]) => ({
      name: state.contacts.get(conversation)?.name ?? nameInId(conversation),
      messages: entries.size,
    }))
    .filter(({ messages }) => messages > 0)
    .slice(0, maxNamed);
  return {
    outbox: outboxSize(state.outbox),
    waiting,
    ...(untilMs === undefined ? {} : { triedUntilMs: Math.round(untilMs) }),
  };
}
