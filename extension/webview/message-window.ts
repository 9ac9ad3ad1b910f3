// The part of a conversation that is loaded and drawn: a window of bounded length without gaps, which moves through the
// history as the person scrolls. Pure functions. No DOM.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { MessageWindow } from "../../protocol/page/page-messages.ts";

/** The most messages that are drawn; those furthest from the reader are dropped, and loaded again when needed. */
const maxDrawn = 200;
/** Messages are dropped only beyond this, so that not every new message drops one. */
const slack = 40;

export const nothing: MessageWindow = { messages: [], more: false, moreAfter: false };

/** Puts a page before the messages; the last ones may be dropped. */
export function withOlder(window: MessageWindow, page: readonly ChatMessage[], more: boolean): MessageWindow {
  const first = window.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const messages = [...sorted(page.filter((each) => each.seq < first)), ...window.messages];
  return bounded({ ...window, messages, more }, 0);
}

/** Puts a page after the messages; the first ones may be dropped. */
export function withNewer(window: MessageWindow, page: readonly ChatMessage[], more: boolean): MessageWindow {
  const last = window.messages.at(-1)?.seq ?? 0;
  const messages = [...window.messages, ...sorted(page.filter((each) => each.seq > last))];
  return bounded({ ...window, messages, moreAfter: more }, messages.length);
}

/**
 * Adds the new or changed messages that belong here.
 * @param anchor the message on top of the view; undefined if the newest is in view
 */
export function withChanged(
  window: MessageWindow,
  changes: readonly ChatMessage[],
  anchor: number | undefined,
): MessageWindow {
  const { messages, more, moreAfter } = window;
  const first = messages[0]?.seq ?? 0;
  const last = messages.at(-1)?.seq ?? 0;
  const bySeq = new Map(messages.map((each) => [each.seq, each]));
  for (const each of changes) {
    if ((each.seq >= first || !more) && (each.seq <= last || !moreAfter)) bySeq.set(each.seq, each);
  }
  const next = sorted([...bySeq.values()]);
  const reads = anchor === undefined ? next.length : next.findIndex((each) => each.seq >= anchor);
  return bounded({ ...window, messages: next }, reads);
}

/** Drops the messages furthest from the one at the index `reads`, if there are too many. */
function bounded(window: MessageWindow, reads: number): MessageWindow {
  const { messages, more, moreAfter } = window;
  const tooMany = messages.length - maxDrawn;
  if (tooMany <= slack) return window;
  const start = Math.min(Math.max(0, reads - maxDrawn / 2), tooMany);
  const end = start + maxDrawn;
  return {
    messages: messages.slice(start, end),
    more: more || start > 0,
    moreAfter: moreAfter || end < messages.length,
  };
}

function sorted(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return [...messages].sort((a, b) => a.seq - b.seq);
}
