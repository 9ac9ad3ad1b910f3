// Rows of the history as messages. A newer version, or a person by hand, may have written what this one does not know; a
// row that cannot be read is one row, and never the reason why others are not shown. What is unknown becomes the nearest
// known thing, a message of which too little is left a placeholder, and a row without a place is left out.

import type { SQLOutputValue } from "node:sqlite";
import { errorTable } from "../../protocol/errors.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { chatMessage, maxReasonLength } from "../../protocol/api/model.ts";
import { conversationField, isKnownConversation } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { Invalid } from "../../protocol/validate.ts";

/** As `Statements` reads it. */
export type Row = Record<string, SQLOutputValue>;

export const messageColumns =
  "id, conversation, seq, mid, author, own, text, sent_at_ms, state, failure_code, failure_reason, answers, edited, deleted, via";

/** What belongs to a message and is in other rows. */
export type Added = Pick<ChatMessage, "quote" | "reactions">;

const states: readonly string[] = ["sending", "queued", "delivered", "read", "failed", "received"];

/** One that this program cannot read stays in its place, and says so. @returns undefined if it has none in a conversation */
export function messageOfRow(row: Row, added: Added): ChatMessage | undefined {
  const own = numberOf(row, "own") === 1;
  const place = { conversation: row["conversation"], seq: numberOf(row, "seq"), own };
  const sentAtMs = numberOf(row, "sent_at_ms");
  const read = chatMessage.read(
    {
      ...{ ...place, sentAtMs, mid: row["mid"], from: row["author"], text: row["text"], state: stateOf(row, own) },
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

function stateOf(row: Row, own: boolean): string {
  const state = textOf(row, "state");
  return states.includes(state) ? state : own ? "delivered" : "received";
}

function failureOf(row: Row): { code: ErrorCode; reason: string } {
  const code = textOf(row, "failure_code");
  const isKnown = Object.hasOwn(errorTable, code);
  return {
    code: isKnown ? (code as ErrorCode) : "internal",
    reason: textOf(row, "failure_reason").slice(0, maxReasonLength),
  };
}

/** 0 for anything that is no whole number a `number` holds. */
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

/** @returns undefined for what is none */
export function readConversation(row: Row, column: string): ConversationId | undefined {
  const read = conversationField.read(row[column], "");
  return read instanceof Invalid || !isKnownConversation(read) ? undefined : read;
}

function isSet(value: SQLOutputValue | undefined): boolean {
  return value !== null && value !== undefined;
}
