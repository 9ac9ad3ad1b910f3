// Turns the messages of a conversation into rows: day separators, the mark before new messages, and messages. A message that
// closely follows another one of its author has no heading. No DOM.

import type { ChatMessage } from "../../protocol/api/model.ts";

/** After this time author and time are shown again, even if nobody else has written. */
const groupMs = 5 * 60_000;

export interface MessageRow {
  readonly kind: "message";
  readonly key: string;
  readonly message: ChatMessage;
  /** Author and time are drawn above it. */
  readonly headed: boolean;
  /** Its state is drawn; otherwise only screen readers get it. */
  readonly telling: boolean;
}

export type Row =
  | { readonly kind: "day"; readonly key: string; readonly atMs: number }
  | { readonly kind: "new"; readonly key: string }
  | MessageRow;

export function rowsOf(messages: readonly ChatMessage[], newFrom: number | undefined): readonly Row[] {
  const lastOwn = messages.findLast((each) => each.own)?.seq;
  const rows: Row[] = [];
  let previous: ChatMessage | undefined;
  let day = "";
  let groupAtMs = 0;
  for (const message of messages) {
    const itsDay = new Date(message.sentAtMs).toDateString();
    const sameDay = itsDay === day;
    if (!sameDay) rows.push({ kind: "day", key: `day-${message.seq}`, atMs: message.sentAtMs });
    const isNew = message.seq === newFrom;
    if (isNew) rows.push({ kind: "new", key: "new" });
    const isNext =
      previous?.from === message.from && previous.unreadable === message.unreadable && previous.via === message.via;
    // Not if the clock went back: the reader has to see that.
    const isSoon = message.sentAtMs - groupAtMs < groupMs && message.sentAtMs >= (previous?.sentAtMs ?? 0);
    const follows = sameDay && !isNew && isNext && isSoon;
    if (!follows) groupAtMs = message.sentAtMs;
    const settled = message.state === "delivered" || message.state === "read";
    rows.push({
      kind: "message",
      key: `message-${message.seq}`,
      message,
      headed: !follows,
      telling: message.own && (!settled || message.seq === lastOwn),
    });
    previous = message;
    day = itsDay;
  }
  return rows;
}

/** Whether the other person refused this person's last message because of a block. */
export function isRefused(messages: readonly ChatMessage[]): boolean {
  const last = messages.findLast((each) => each.own);
  return last?.state === "failed" && last.failure?.code === "blocked";
}
