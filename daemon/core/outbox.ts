// Messages that wait for the server's answer [P-5.4], a queue for each recipient: one in flight, in order [P-5.6]. After
// a lost link everything counts as not sent and goes again under the same id. A refusal that may pass holds its queue
// back for a growing while; the ones behind it wait too, or the order would break.

import type { ConversationId } from "../../protocol/editor/model.ts";

export interface OutboxEntry {
  readonly seq: number;
  readonly mid: string;
}

interface Queue {
  /** Never empty. */
  readonly entries: readonly OutboxEntry[];
  /** The first entry was handed to the link. */
  readonly inFlight: boolean;
  /** Refusals of the first entry so far. */
  readonly refusals: number;
  /** Not again before this, on the monotonic clock, in milliseconds. */
  readonly notBeforeMs: number;
}

export type Outbox = ReadonlyMap<ConversationId, Queue>;

export const emptyOutbox: Outbox = new Map();

/** Entries on this machine before `send` is refused: the server has been away for very long. */
export const maxOutboxEntries = 10_000;
/** In flight to all recipients together, so that a link is never flooded. */
const maxInFlight = 16;
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;

export function outboxSize(outbox: Outbox): number {
  let size = 0;
  for (const queue of outbox.values()) size += queue.entries.length;
  return size;
}

export function enqueue(outbox: Outbox, conversation: ConversationId, entry: OutboxEntry): Outbox {
  const queue = outbox.get(conversation);
  return put(outbox, conversation, {
    ...(queue ?? { inFlight: false, refusals: 0, notBeforeMs: 0 }),
    entries: [...(queue?.entries ?? []), entry],
  });
}

/** The entry in flight to that conversation, if it is that message. */
export function inFlightEntry(outbox: Outbox, conversation: ConversationId, mid: string): OutboxEntry | undefined {
  const queue = outbox.get(conversation);
  const first = queue?.entries[0];
  return queue?.inFlight === true && first?.mid === mid ? first : undefined;
}

/** The first entry has its final answer. */
export function settle(outbox: Outbox, conversation: ConversationId): Outbox {
  const entries = outbox.get(conversation)?.entries.slice(1) ?? [];
  return put(outbox, conversation, { entries, inFlight: false, refusals: 0, notBeforeMs: 0 });
}

/** The first entry was refused for now; it waits, longer each time. @param random from 0 to below 1 */
export function postpone(outbox: Outbox, conversation: ConversationId, nowMs: number, random: number): Outbox {
  const queue = outbox.get(conversation);
  if (!queue) return outbox;
  const ceiling = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(queue.refusals, 16));
  const waitMs = Math.round(ceiling / 2 + (random * ceiling) / 2);
  return put(outbox, conversation, {
    ...queue,
    inFlight: false,
    refusals: queue.refusals + 1,
    notBeforeMs: nowMs + waitMs,
  });
}

/** The link is gone: whether what was in flight arrived is not known. */
export function linkLost(outbox: Outbox): Outbox {
  const changed = new Map<ConversationId, Queue>();
  for (const [conversation, queue] of outbox) {
    changed.set(conversation, { ...queue, inFlight: false, refusals: 0, notBeforeMs: 0 });
  }
  return changed;
}

export interface Departure {
  readonly conversation: ConversationId;
  readonly entry: OutboxEntry;
}

/** What may leave now, marked as in flight. */
export function depart(outbox: Outbox, nowMs: number): { outbox: Outbox; departures: readonly Departure[] } {
  let flying = 0;
  for (const queue of outbox.values()) if (queue.inFlight) flying += 1;
  const departures: Departure[] = [];
  let result = outbox;
  for (const [conversation, queue] of outbox) {
    if (flying >= maxInFlight) break;
    const entry = queue.entries[0];
    if (!entry || queue.inFlight || queue.notBeforeMs > nowMs) continue;
    departures.push({ conversation, entry });
    result = put(result, conversation, { ...queue, inFlight: true });
    flying += 1;
  }
  return { outbox: result, departures };
}

/** When the next postponed queue may go on, on the monotonic clock. */
export function dueAtMs(outbox: Outbox): number | undefined {
  let due: number | undefined;
  for (const queue of outbox.values()) {
    if (!queue.inFlight && queue.notBeforeMs > 0 && (due === undefined || queue.notBeforeMs < due)) {
      due = queue.notBeforeMs;
    }
  }
  return due;
}

function put(outbox: Outbox, conversation: ConversationId, queue: Queue): Outbox {
  const copy = new Map(outbox);
  if (queue.entries.length === 0) copy.delete(conversation);
  else copy.set(conversation, queue);
  return copy;
}
