// Messages that wait for an answer [P-5.4]. Each recipient has a queue, with one message in flight, in order [P-5.6]. It is
// sent on the direct link if there is one, otherwise through the server. After a lost link everything in flight counts as
// not sent and is sent again under the same id, by either way. A temporary refusal delays its queue, longer each time; the
// entries behind it wait too, because otherwise the order would break.
//
// On a new direct link, what the server has queued for that person is sent again before anything newer: their mailbox may
// arrive later than the link, and they recognise a second copy by its id.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { jitteredBackoffMs } from "../../protocol/backoff.ts";
import { append, emptyFifo, first, rest } from "./fifo.ts";
import type { Fifo } from "./fifo.ts";

/** An own event, identified by its id. */
export interface OutboxEntry {
  readonly mid: string;
  /** The position of a message; undefined for a change. */
  readonly seq?: number;
}

/** How an entry was sent: the number of the direct link, or undefined for the server. */
export type Way = number | undefined;

interface Queue {
  readonly entries: Fifo<OutboxEntry>;
  /** Queued at the server, and sent again before the entries; only while there is a direct link. */
  readonly again: readonly OutboxEntry[];
  readonly inFlight: { readonly entry: OutboxEntry; readonly way: Way; readonly again: boolean } | undefined;
  /** How often the first entry was refused so far. */
  readonly refusals: number;
  /** Earliest time to send again, on the monotonic clock, in milliseconds. */
  readonly notBeforeMs: number;
}

const emptyQueue: Queue = { entries: emptyFifo, again: [], inFlight: undefined, refusals: 0, notBeforeMs: 0 };

/** The queues that are not empty, and the number of entries in all of them. */
export interface Outbox {
  readonly queues: ReadonlyMap<ConversationId, Queue>;
  readonly size: number;
  /** When the newest entry was written, in milliseconds since 1970; meaningless while the outbox is empty. */
  readonly newestAtMs: number;
}

/** The open direct links, by conversation. */
export type LinkNumbers = ReadonlyMap<ConversationId, number>;

export const emptyOutbox: Outbox = { queues: new Map(), size: 0, newestAtMs: 0 };

/** `send` is refused above this number of entries on this machine: the server has been away for very long. */
export const maxOutboxEntries = 10_000;
/** Entries in flight to all recipients together, so that the server's link is never flooded. */
const maxInFlight = 16;
const waits = { firstMs: 1_000, maxMs: 60_000 };
const triedForMs = 24 * 60 * 60 * 1_000;

export function outboxSize(outbox: Outbox): number {
  return outbox.size;
}

export function isSomethingInFlight({ queues }: Outbox): boolean {
  return [...queues.values()].some(({ inFlight }) => inFlight !== undefined);
}

/** Adds an entry to the queue of that conversation. @param writtenAtMs milliseconds since 1970 */
export function enqueue(outbox: Outbox, conversation: ConversationId, entry: OutboxEntry, writtenAtMs: number): Outbox {
  const queue = outbox.queues.get(conversation) ?? emptyQueue;
  const newestAtMs = outbox.size === 0 ? writtenAtMs : Math.max(outbox.newestAtMs, writtenAtMs);
  return { ...put(outbox, conversation, { ...queue, entries: append(queue.entries, entry) }), newestAtMs };
}

/**
 * Until when waiting messages are sent while no view is open: one day after the newest was written. After that they wait for
 * the next view.
 * @param nowMs limits the time: a clock that was set back must not extend it
 * @returns milliseconds since 1970; undefined if nothing waits, or the day is over
 */
export function outboxTriedUntilMs({ size, newestAtMs }: Outbox, nowMs: number): number | undefined {
  const untilMs = Math.min(newestAtMs, nowMs) + triedForMs;
  return size > 0 && untilMs > nowMs ? untilMs : undefined;
}

/** The time of writing is looked up for this many of the newest entries: Retry may have put back an older one. */
const maxLookedUp = 100;

/**
 * Returns the outbox of a newly opened history.
 * @param sentAtMs when an own event was written, in milliseconds since 1970
 */
export function loadOutbox(
  entries: readonly (OutboxEntry & { readonly conversation: ConversationId })[],
  sentAtMs: (mid: string) => number | undefined,
): Outbox {
  let outbox = emptyOutbox;
  for (const [index, { conversation, ...entry }] of entries.entries()) {
    const isLookedUp = index >= entries.length - maxLookedUp;
    outbox = enqueue(outbox, conversation, entry, (isLookedUp ? sentAtMs(entry.mid) : undefined) ?? 0);
  }
  return outbox;
}

/** Schedules events that the server has queued: first on the direct link, in their order, each once. */
export function sendAgain(outbox: Outbox, conversation: ConversationId, entries: readonly OutboxEntry[]): Outbox {
  const queue = outbox.queues.get(conversation) ?? emptyQueue;
  const waiting = new Set(queue.again.map(({ mid }) => mid));
  const added = entries.filter(({ mid }) => !waiting.has(mid));
  const again = [...queue.again, ...added].sort((left, right) => placeOf(left) - placeOf(right));
  return put(outbox, conversation, { ...queue, again });
}

/** Messages come before changes of messages. */
function placeOf({ seq }: OutboxEntry): number {
  return seq ?? Number.MAX_SAFE_INTEGER;
}

/** Returns the entry in flight to that conversation, if it is that event. */
export function inFlightEntry(
  outbox: Outbox,
  conversation: ConversationId,
  mid: string,
): { readonly entry: OutboxEntry; readonly again: boolean } | undefined {
  const flying = outbox.queues.get(conversation)?.inFlight;
  return flying?.entry.mid === mid ? flying : undefined;
}

/** Removes the entry in flight after its final answer. */
export function settle(outbox: Outbox, conversation: ConversationId): Outbox {
  const queue = outbox.queues.get(conversation);
  if (!queue?.inFlight) return outbox;
  const left = queue.inFlight.again ? { again: queue.again.slice(1) } : { entries: rest(queue.entries) };
  return put(outbox, conversation, { ...queue, ...left, inFlight: undefined, refusals: 0, notBeforeMs: 0 });
}

/** Delays the entry in flight after a temporary refusal, longer each time. @param random from 0 to below 1 */
export function postpone(outbox: Outbox, conversation: ConversationId, nowMs: number, random: number): Outbox {
  const queue = outbox.queues.get(conversation);
  if (!queue) return outbox;
  const waitMs = jitteredBackoffMs(waits, queue.refusals, random);
  const refusals = queue.refusals + 1;
  return put(outbox, conversation, { ...queue, inFlight: undefined, refusals, notBeforeMs: nowMs + waitMs });
}

/** The server's link was lost or replaced: nobody knows whether what was in flight on it arrived. */
export function serverLost(outbox: Outbox): Outbox {
  let result = outbox;
  for (const [conversation, queue] of outbox.queues) {
    if (queue.inFlight && queue.inFlight.way !== undefined) continue;
    result = put(result, conversation, { ...queue, inFlight: undefined, refusals: 0, notBeforeMs: 0 });
  }
  return result;
}

/** The direct link to the recipient was opened or closed: a delay because of a refusal on another way ends. */
export function wayChanged(outbox: Outbox, conversation: ConversationId, link: Way): Outbox {
  const queue = outbox.queues.get(conversation);
  if (!queue) return outbox;
  const { inFlight } = queue;
  const flies = inFlight && (inFlight.way === undefined || inFlight.way === link) ? inFlight : undefined;
  const again = link === undefined ? [] : queue.again;
  return put(outbox, conversation, { ...queue, again, inFlight: flies, refusals: 0, notBeforeMs: 0 });
}

export interface Sendable {
  readonly conversation: ConversationId;
  readonly entry: OutboxEntry;
  readonly link: Way;
}

/** How messages can be sent now. */
export interface Ways {
  readonly links: LinkNumbers;
  /** The server can be reached. */
  readonly server: boolean;
}

/** Takes the entries that may be sent now, and marks them as in flight. */
export function takeSendable(
  outbox: Outbox,
  ways: Ways,
  nowMs: number,
): { readonly outbox: Outbox; readonly sendable: readonly Sendable[] } {
  let flying = flyingToServer(outbox);
  const sendable: Sendable[] = [];
  const queues = new Map(outbox.queues);
  for (const [conversation, queue] of outbox.queues) {
    const link = ways.links.get(conversation);
    const entry = next(queue);
    if (!entry || !isOpen(link, ways, flying) || queue.notBeforeMs > nowMs) continue;
    sendable.push({ conversation, entry, link });
    queues.set(conversation, { ...queue, inFlight: { entry, way: link, again: queue.again.length > 0 } });
    if (link === undefined) flying += 1;
  }
  return sendable.length === 0 ? { outbox, sendable } : { outbox: { ...outbox, queues }, sendable };
}

/** Removes the conversation's queue; a later answer to what was in flight changes nothing. */
export function drop(outbox: Outbox, conversation: ConversationId): Outbox {
  return outbox.queues.has(conversation) ? put(outbox, conversation, emptyQueue) : outbox;
}

/**
 * Returns when something may be sent, on the monotonic clock, by the same rule as `takeSendable`: an entry that waits for
 * a way, or because too many are in flight, is not due. When a way or a slot becomes free, this is called again.
 */
export function dueAtMs(outbox: Outbox, ways: Ways): number | undefined {
  const flying = flyingToServer(outbox);
  let due: number | undefined;
  for (const [conversation, queue] of outbox.queues) {
    if (!next(queue) || !isOpen(ways.links.get(conversation), ways, flying)) continue;
    if (due === undefined || queue.notBeforeMs < due) due = queue.notBeforeMs;
  }
  return due;
}

/** Returns the entry to send next, unless one is in flight. */
function next(queue: Queue): OutboxEntry | undefined {
  return queue.inFlight ? undefined : (queue.again[0] ?? first(queue.entries));
}

function isOpen(link: Way, { server }: Ways, flying: number): boolean {
  return link !== undefined || (server && flying < maxInFlight);
}

function flyingToServer(outbox: Outbox): number {
  let flying = 0;
  for (const { inFlight } of outbox.queues.values()) if (inFlight && inFlight.way === undefined) flying += 1;
  return flying;
}

function put(outbox: Outbox, conversation: ConversationId, queue: Queue): Outbox {
  const queues = new Map(outbox.queues);
  const size = outbox.size + queue.entries.size - (outbox.queues.get(conversation)?.entries.size ?? 0);
  if (queue.entries.size === 0 && queue.again.length === 0) queues.delete(conversation);
  else queues.set(conversation, queue);
  return { queues, size, newestAtMs: outbox.newestAtMs };
}
