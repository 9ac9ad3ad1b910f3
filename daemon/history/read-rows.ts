// Converts rows of the history to events and messages. A newer version, or a person editing the file, may have written
// something that this version does not know. One unreadable row must never prevent others from being shown. Unknown values
// become the nearest known ones, a message without enough data becomes a placeholder, and a row without a place is left out.
// An event of a kind that only a newer version knows stays in the file: a message is shown by its text, a change has no
// effect.

import type { SQLOutputValue } from "node:sqlite";
import { errorTable } from "../../protocol/errors.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { chatMessage, maxReasonLength } from "../../protocol/api/model.ts";
import { conversationField, isKnownConversation } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { eventKindNames, eventStates, isMessage } from "../../protocol/conversations/event.ts";
import type { EventKind, EventState } from "../../protocol/conversations/event.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { OwnEvent } from "../core/ports.ts";
import { Invalid } from "../../protocol/validate.ts";

/** As read by `Statements`. */
export type Row = Record<string, SQLOutputValue>;

export const eventColumns =
  "id, conversation, seq, mid, author, own, kind, target, body, sent_at_ms, state, failure_code, failure_reason, edited, deleted, via";

/** Every event has a `seq` above this. Only while positions change, messages temporarily have lower ones. */
export const aside = -(2 ** 52);

/** The parts of a message that are in other rows. */
export type Added = Pick<ChatMessage, "quote" | "reactions">;

/**
 * Converts a row to a message; an unreadable one becomes a placeholder.
 * @returns undefined if it has no place in a conversation
 */
export function messageOfRow(row: Row, added: Added): ChatMessage | undefined {
  const own = numberOf(row, "own") === 1;
  const place = { conversation: row["conversation"], seq: numberOf(row, "seq"), own };
  const sentAtMs = numberOf(row, "sent_at_ms");
  const read = chatMessage.read(
    {
      ...{ ...place, sentAtMs, mid: row["mid"], from: row["author"], text: row["body"], state: stateOf(row, own) },
      ...(typeof row["via"] === "string" ? { via: row["via"] } : {}),
      ...(isSet(row["failure_code"]) ? { failure: failureOf(row) } : {}),
      ...(numberOf(row, "edited") === 1 ? { edited: true } : {}),
      ...(numberOf(row, "deleted") === 1 ? { deleted: true } : {}),
      ...added,
    },
    "",
  );
  if (!(read instanceof Invalid)) return read;
  const from = textOf(row, "author").slice(0, 256) || "?";
  const mid = textOf(row, "mid").slice(0, 256) || `unreadable-${place.seq}`;
  const state = own ? "delivered" : "received";
  const placeholder = chatMessage.read({ ...place, sentAtMs, mid, from, text: "", state, unreadable: true }, "");
  return placeholder instanceof Invalid ? undefined : placeholder;
}

/** Converts a row to an event. @returns undefined if it is unreadable, or of a kind that only a newer version knows */
export function eventOfRow(row: Row): OwnEvent | undefined {
  return numberOf(row, "seq") > 0 ? eventOfMessage(row) : changeOfRow(row);
}

function eventOfMessage(row: Row): OwnEvent | undefined {
  const message = messageOfRow(row, {});
  const kind = kindOf(row);
  if (!message || message.unreadable === true || !kind || !isMessage(kind)) return undefined;
  const { conversation, seq, mid, from, text: body, sentAtMs, state } = message;
  const target = textOf(row, "target");
  return { conversation, mid, from, kind, ...(target !== "" && { target }), body, sentAtMs, state, seq };
}

function changeOfRow(row: Row): OwnEvent | undefined {
  const kind = kindOf(row);
  const state = eventStates.find((each) => each === row["state"]);
  const conversation = readConversation(row, "conversation");
  if (!kind || isMessage(kind) || !state || !conversation) return undefined;
  return {
    ...{ conversation, mid: textOf(row, "mid"), from: textOf(row, "author"), kind, target: textOf(row, "target") },
    ...{ body: textOf(row, "body"), sentAtMs: numberOf(row, "sent_at_ms"), state },
  };
}

function kindOf(row: Row): EventKind | undefined {
  return eventKindNames.find((each) => each === row["kind"]);
}

function stateOf(row: Row, own: boolean): Exclude<EventState, "pending"> {
  const state = eventStates.find((each) => each === row["state"]);
  return state === undefined || state === "pending" ? (own ? "delivered" : "received") : state;
}

function failureOf(row: Row): { code: ErrorCode; reason: string } {
  const code = textOf(row, "failure_code");
  const isKnown = Object.hasOwn(errorTable, code);
  return {
    code: isKnown ? (code as ErrorCode) : "internal",
    reason: textOf(row, "failure_reason").slice(0, maxReasonLength),
  };
}

/** Returns the number, or 0 for anything that is not a whole number within the range of a `number`. */
export function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  const read = typeof value === "bigint" ? Number(value) : value;
  return typeof read === "number" && Number.isSafeInteger(read) ? read : 0;
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

export function conversationOf(row: Row, column: string): ConversationId {
  return textOf(row, column) as ConversationId;
}

/** Reads a conversation's id. @returns undefined if it is not valid */
export function readConversation(row: Row, column: string): ConversationId | undefined {
  const read = conversationField.read(row[column], "");
  return read instanceof Invalid || !isKnownConversation(read) ? undefined : read;
}

function isSet(value: SQLOutputValue | undefined): boolean {
  return value !== null && value !== undefined;
}
