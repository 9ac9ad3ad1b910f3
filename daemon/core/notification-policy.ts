// Decides which window notifies. Of all the windows that show this person's messages, exactly one notifies about a message;
// none does while the person has that conversation in view or has turned on do not disturb.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";

export interface WindowState {
  readonly focused: boolean;
  readonly visible: readonly ConversationId[];
  /** The view can show notifications. */
  readonly tells: boolean;
  /** Notify only about messages that mention the person. */
  readonly mentions?: boolean;
  /** Notify also about reactions to the person's messages. */
  readonly reactions?: boolean;
  /** Increases each time a window gets the focus: the window used last has the highest value. */
  readonly focusOrder: number;
}

/** Keyed by the number of the view's session. */
export type Windows = ReadonlyMap<number, WindowState>;

export interface WindowReport {
  readonly focused: boolean;
  readonly visible: readonly ConversationId[];
  readonly tells: boolean;
  /** Notify only about messages that mention the person. */
  readonly mentions?: boolean;
  /** Notify also about reactions to the person's messages. */
  readonly reactions?: boolean;
}

export function withWindow(windows: Windows, id: number, report: WindowReport): Windows {
  const before = windows.get(id);
  let newest = 0;
  for (const each of windows.values()) newest = Math.max(newest, each.focusOrder);
  const gained = report.focused && before?.focused !== true;
  return new Map(windows).set(id, { ...report, focusOrder: gained ? newest + 1 : (before?.focusOrder ?? 0) });
}

export function withoutWindow(windows: Windows, id: number): Windows {
  const copy = new Map(windows);
  copy.delete(id);
  return copy;
}

/** What a notification is about: a message that mentions the person, any other message, or a reaction to an own one. */
export type News = "named" | "message" | "reaction";

/** Returns the window that notifies about this in that conversation. */
export function chooseWindow(windows: Windows, conversation: ConversationId, news: News = "named"): number | undefined {
  for (const window of windows.values()) {
    if (window.focused && window.visible.includes(conversation)) return undefined;
  }
  return inFront(windows, ({ tells, mentions, reactions }) => {
    if (news === "reaction") return tells && reactions === true;
    return tells && (news === "named" || mentions !== true);
  });
}

/** Returns the window that asks the person a question; it may be one that does not notify about messages. */
export function chooseAsker(windows: Windows): number | undefined {
  return inFront(windows, () => true);
}

/** Returns the focused window, otherwise the one used last. */
function inFront(windows: Windows, suits: (window: WindowState) => boolean): number | undefined {
  let chosen: { id: number; rank: number } | undefined;
  for (const [id, window] of windows) {
    if (!suits(window)) continue;
    const rank = (window.focused ? Number.MAX_SAFE_INTEGER / 2 : 0) + window.focusOrder;
    if (chosen === undefined || rank > chosen.rank) chosen = { id, rank };
  }
  return chosen?.id;
}
