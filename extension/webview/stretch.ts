// The part of a conversation that is loaded and drawn: one contiguous stretch of bounded length, which moves through the
// history as the person scrolls. Values in, values out. No DOM.

import type { ChatMessage } from "../../protocol/editor/model.ts";

export interface Stretch {
  readonly messages: readonly ChatMessage[];
  /** There are older ones in the history. */
  readonly more: boolean;
  /** There are newer ones. */
  readonly moreAfter: boolean;
}

/** As many messages are drawn at most; what is further away from the reader is dropped, and read again when needed. */
const maxDrawn = 200;
/** Dropped only beyond this, so that not every new message drops one. */
const slack = 40;

export const nothing: Stretch = { messages: [], more: false, moreAfter: false };

/** Puts a page in front; what is last then may go. */
export function withOlder(stretch: Stretch, page: readonly ChatMessage[], more: boolean): Stretch {
  const first = stretch.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const messages = [...sorted(page.filter((each) => each.seq < first)), ...stretch.messages];
  return withoutLast({ ...stretch, messages, more });
}

/** Puts a page behind; what is first then may go. */
export function withNewer(stretch: Stretch, page: readonly ChatMessage[], more: boolean): Stretch {
  const last = stretch.messages.at(-1)?.seq ?? 0;
  const messages = [...stretch.messages, ...sorted(page.filter((each) => each.seq > last))];
  return withoutFirst({ ...stretch, messages, moreAfter: more });
}

/** Takes what is new or changed and belongs here. `atEnd`: the person reads the newest, so the oldest may go. */
export function withChanged(stretch: Stretch, changes: readonly ChatMessage[], atEnd: boolean): Stretch {
  const { messages, more, moreAfter } = stretch;
  const first = messages[0]?.seq ?? 0;
  const last = messages.at(-1)?.seq ?? 0;
  const bySeq = new Map(messages.map((each) => [each.seq, each]));
  for (const each of changes) {
    if ((each.seq >= first || !more) && (each.seq <= last || !moreAfter)) bySeq.set(each.seq, each);
  }
  const next = { ...stretch, messages: sorted([...bySeq.values()]) };
  return atEnd ? withoutFirst(next) : withoutLast(next);
}

function withoutFirst(stretch: Stretch): Stretch {
  const { messages } = stretch;
  return messages.length <= maxDrawn + slack
    ? stretch
    : { ...stretch, messages: messages.slice(-maxDrawn), more: true };
}

function withoutLast(stretch: Stretch): Stretch {
  const { messages } = stretch;
  if (messages.length <= maxDrawn + slack) return stretch;
  return { ...stretch, messages: messages.slice(0, maxDrawn), moreAfter: true };
}

function sorted(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return [...messages].sort((a, b) => a.seq - b.seq);
}
