// Rows of the history as messages. A file that was edited by hand may hold anything, so what is read is checked.

import type { SQLOutputValue } from "node:sqlite";
import { chatMessage } from "../../protocol/editor/model.ts";
import type { ChatMessage, ConversationId } from "../../protocol/editor/model.ts";
import { Invalid } from "../../protocol/validate.ts";

export type Row = Record<string, SQLOutputValue>;

export const messageColumns =
  "id, conversation, seq, mid, author, own, text, sent_at_ms, state, failure_code, failure_reason, answers, edited, deleted, via";

/** What belongs to a message and is in other rows. */
export type Added = Pick<ChatMessage, "quote" | "reactions">;

/** One that this program cannot read stays in its place, and says so. */
export function messageOfRow(row: Row, added: Added): ChatMessage {
  const failed = row["failure_code"] !== null && row["failure_code"] !== undefined;
  const read = chatMessage.read(
    {
      conversation: row["conversation"],
      seq: row["seq"],
      mid: row["mid"],
      from: row["author"],
      own: row["own"] === 1,
      text: row["text"],
      sentAtMs: row["sent_at_ms"],
      state: row["state"],
      ...(failed ? { failure: { code: row["failure_code"], reason: row["failure_reason"] } } : {}),
      ...(typeof row["via"] === "string" ? { via: row["via"] } : {}),
      ...(row["edited"] === 1 ? { edited: true } : {}),
      ...(row["deleted"] === 1 ? { deleted: true } : {}),
      ...added,
    },
    "",
  );
  return read instanceof Invalid ? unreadable(row) : read;
}

function unreadable(row: Row): ChatMessage {
  return {
    conversation: conversationOf(row, "conversation"),
    seq: Math.max(1, numberOf(row, "seq")),
    mid: (textOf(row, "mid") || "?").slice(0, 256),
    from: (textOf(row, "author") || "?").slice(0, 256),
    own: row["own"] === 1,
    text: "",
    sentAtMs: 0,
    state: "received",
    unreadable: true,
  };
}

export function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === "number" ? value : 0;
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

export function conversationOf(row: Row, column: string): ConversationId {
  return textOf(row, column) as ConversationId;
}
