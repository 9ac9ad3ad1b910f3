// Messages that wait for an answer [P-5.4], a queue for each recipient: one in flight, in order [P-5.6], on the direct link
// to them where there is one, else through the server. After a lost link everything counts as not sent and goes again
// under the same id, by whichever way is open. A refusal that may pass holds its queue back for a growing while; the ones
// behind it wait too, or the order would break.
//
// What the server has queued for somebody goes to them again on a direct link, before anything newer: their mailbox may
// come later than the link, and they know a second copy by its id.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { jitteredBackoffMs } from "../../protocol/backoff.ts";
import { append, emptyFifo, first, rest } from "./fifo.ts";
import type { Fifo } from "./fifo.ts";

/** An own event by its id. */
export interface OutboxEntry {
  readonly mid: string;
  /** The position of a message; a change of one has none. */
  readonly seq?: number;
}

/** By which way an entry went: a direct link by its number, undefined for the server. */
export type Way = number | undefined;

interface Queue {
  readonly entries: Fifo<OutboxEntry>;
  /** Queued at the server, and on their way again before the entries: only while there is a direct link. */
  readonly again: readonly OutboxEntry[];
  readonly inFlight: { readonly entry: OutboxEntry; readonly way: Way; readonly again: boolean } | undefined;
  /** Refusals of the first entry so far. */
  readonly refusals: number;
  /** Not again before this, on the monotonic clock, in milliseconds. */
  readonly notBeforeMs: number;
}

const emptyQueue: Queue = { entries: emptyFifo, again: [], inFlight: undefined, refusals: 0, notBeforeMs: 0 };

/** Queues that hold something, and how much waits in all of them. */
export interface Outbox {
  readonly queues: ReadonlyMap<ConversationId, Queue>;
  readonly size: number;
  /** When the newest of it was written, milliseconds since 1970; of no meaning while nothing waits. */
  readonly newestAtMs: number;
}

/** The direct links that stand, by conversation. */
export type LinkNumbers = ReadonlyMap<ConversationId, number>;

export const emptyOutbox: Outbox = { queues: new Map(), size: 0, newestAtMs: 0 };

/** Entries on this machine before `send` is refused: the server has been away for very long. */
export const maxOutboxEntries = 10_000;
/** In flight to all recipients together, so that the server's link is never flooded. */
const maxInFlight = 16;
const waits = { firstMs: 1_000, maxMs: 60_000 };
const triedForMs = 24 * 60 * 60 * 1_000;

export function outboxSize(outbox: Outbox): number {
  return outbox.size;
}

export function isSomethingInFlight({ queues }: Outbox): boolean {
  return [...queues.values()].some(({ inFlight }) => inFlight !== undefined);
}

/** @param writtenAtMs since 1970 */
export function enqueue(outbox: Outbox, conversation: ConversationId, entry: OutboxEntry, writtenAtMs: number): Outbox {
  const queue = outbox.queues.get(conversation) ?? emptyQueue;
  const newestAtMs = outbox.size === 0 ? writtenAtMs : Math.max(outbox.newestAtMs, writtenAtMs);
  return { ...put(outbox, conversation, { ...queue, entries: append(queue.entries, entry) }), newestAtMs };
}

/**
 * Until when it is tried to send what waits, though nobody looks: a day from when it was written, the newest counts. Later
 * it goes with the next view.
 * @param nowMs a clock that was set back must not make it longer
 * @returns milliseconds since 1970; undefined where nothing waits, or the day is over
 */
export function outboxTriedUntilMs({ size, newestAtMs }: Outbox, nowMs: number): number | undefined {
  const untilMs = Math.min(newestAtMs, nowMs) + triedForMs;
  return size > 0 && untilMs > nowMs ? untilMs : undefined;
}

/** So many of the newest are asked when they were written: one that Retry put back is older than its neighbours. */
const maxAsked = 100;

/** The outbox of a history that was just opened. @param sentAtMs when an own event was written, in milliseconds since 1970 */
export function loadOutbox(
  entries: readonly (OutboxEntry & { readonly conversation: ConversationId })[],
  sentAtMs: (mid: string) => number | undefined,
): Outbox {
  let outbox = emptyOutbox;
  for (const [index, { conversation, ...entry }] of entries.entries()) {
    const isAsked = index >= entries.length - maxAsked;
    outbox = enqueue(outbox, conversation, entry, (isAsked ? sentAtMs(entry.mid) : undefined) ?? 0);
  }
  return outbox;
}

/** These were queued at the server: first thing on the direct link, in their order, each once. */
export function sendAgain(outbox: Outbox, conversation: ConversationId, entries: readonly OutboxEntry[]): Outbox {
  const queue = outbox.queues.get(conversation) ?? emptyQueue;
  const waiting = new Set(queue.again.map(({ mid }) => mid));
  const added = entries.filter(({ mid }) => !waiting.has(mid));
  const again = [...queue.again, ...added].sort((left, right) => placeOf(left) - placeOf(right));
  return put(outbox, conversation, { ...queue, again });
}

/** What is done to messages comes behind them. */
function placeOf({ seq }: OutboxEntry): number {
  return seq ?? Number.MAX_SAFE_INTEGER;
}

/** The entry in flight to that conversation, if it is that message. */
export function inFlightEntry(
  outbox: Outbox,
  conversation: ConversationId,
  mid: string,
): { readonly entry: OutboxEntry; readonly again: boolean } | undefined {
  const flying = outbox.queues.get(conversation)?.inFlight;
  return flying?.entry.mid === mid ? flying : undefined;
}

/** The entry in flight has its final answer. */
export function settle(outbox: Outbox, conversation: ConversationId): Outbox {
  const queue = outbox.queues.get(conversation);
  if (!queue?.inFlight) return outbox;
  const left = queue.inFlight.again ? { again: queue.again.slice(1) } : { entries: rest(queue.entries) };
  return put(outbox, conversation, { ...queue, ...left, inFlight: undefined, refusals: 0, notBeforeMs: 0 });
}

/** The entry in flight was refused for now; it waits, longer each time. @param random from 0 to below 1 */
export function postpone(outbox: Outbox, conversation: ConversationId, nowMs: number, random: number): Outbox {
  const queue = outbox.queues.get(conversation);
  if (!queue) return outbox;
  const waitMs = jitteredBackoffMs(waits, queue.refusals, random);
  const refusals = queue.refusals + 1;
  return put(outbox, conversation, { ...queue, inFlight: undefined, refusals, notBeforeMs: nowMs + waitMs });
}

/** The server's link is gone, or is another one: whether what was in flight on it arrived is not known. */
export function serverLost(outbox: Outbox): Outbox {
  let result = outbox;
  for (const [conversation, queue] of outbox.queues) {
    if (queue.inFlight && queue.inFlight.way !== undefined) continue;
    result = put(result, conversation, { ...queue, inFlight: undefined, refusals: 0, notBeforeMs: 0 });
  }
  return result;
}

/** The direct link to them came or went: nothing waits any longer for what was refused on another way. */
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

/** By which ways messages can leave now. */
export interface Ways {
  readonly links: LinkNumbers;
  /** It can be reached. */
  readonly server: boolean;
}

/** What may leave now, marked as in flight. */
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

/** Nothing waits for that conversation any more; an answer to what is in flight changes nothing. */
export function drop(outbox: Outbox, conversation: ConversationId): Outbox {
  return outbox.queues.has(conversation) ? put(outbox, conversation, emptyQueue) : outbox;
}

/**
 * When something may leave, on the monotonic clock, by the rule of `depart`: what waits for a way, or for a place among
 * those in flight, is not due. What frees a way or a place asks again.
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

/** What would leave next, unless something is in flight. */
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
