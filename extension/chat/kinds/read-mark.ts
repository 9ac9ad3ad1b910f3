// Tells the daemon up to where the person has read, and from where on a conversation is unread again. Only visible messages
// are marked as read.

import { markRead, markUnread } from "../../../protocol/conversations/kinds/read-mark.ts";
import type { Handlers, PanelContext } from "./kind.ts";

export interface ReadMarkHandlers extends Handlers<"seen" | "unread"> {
  /** Marks what was seen as read. To be called when the panel or its window becomes visible. */
  markSeen(): Promise<void>;
  /** To be called when the page that has shown the messages is gone. */
  forgetSeen(): void;
  /** To be called when the history is gone or has other positions. */
  forgetMarks(): void;
}

export function readMark(panel: PanelContext): ReadMarkHandlers {
  const { daemon, conversation, loader, viewport, channel } = panel;
  let seen = 0;
  let marked = 0;
  const markSeen = async (): Promise<void> => {
    const upTo = seen;
    if (upTo <= marked || viewport.isKeptUnread || !panel.inSight()) return;
    marked = upTo;
    const outcome = await daemon.request(markRead, { conversation, upTo });
    if (!outcome.ok) marked = 0;
  };
  return {
    async seen({ upTo }) {
      // A position from the previous account would mark other messages as read.
      if (loader.message((each) => each.seq === upTo) === undefined) return;
      seen = Math.max(seen, upTo);
      await markSeen();
    },
    async unread({ seq: from }) {
      const outcome = await daemon.request(markUnread, { conversation, from });
      channel.postRefusal(outcome);
      if (!outcome.ok) return;
      // The daemon has reported the number of unread messages before its answer.
      marked = 0;
      viewport.keepUnread(from);
    },
    markSeen,
    forgetSeen() {
      seen = 0;
    },
    forgetMarks() {
      seen = marked = 0;
    },
  };
}
