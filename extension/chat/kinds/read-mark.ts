// Tells the daemon up to where the person has read, and from where on a conversation is to be unread again. Only what a
// person can see is marked as read.

import { markRead, markUnread } from "../../../protocol/conversations/kinds/read-mark.ts";
import type { Handlers, PanelContext } from "./kind.ts";

export interface ReadMarkHandlers extends Handlers<"seen" | "unread"> {
  /** Marks what was seen as read. To be called when the panel or its window comes in sight. */
  markSeen(): Promise<void>;
  /** The page that has seen it is gone. */
  forgetSeen(): void;
  /** The history that it was about is gone, or has other positions. */
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
      // Said of a message of the previous account, it would mark others as read.
      if (loader.message((each) => each.seq === upTo) === undefined) return;
      seen = Math.max(seen, upTo);
      await markSeen();
    },
    async unread({ seq: from }) {
      const outcome = await daemon.request(markUnread, { conversation, from });
      channel.postRefusal(outcome);
      if (!outcome.ok) return;
      // The daemon has told the number of unread messages before it answered.
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
