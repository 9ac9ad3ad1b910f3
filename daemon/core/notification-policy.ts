// One notifier for all windows: of everything that shows this person's messages, exactly one window tells about a
// message, and none does while the person looks at that conversation or wants not to be disturbed.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";

export interface WindowState {
  readonly focused: boolean;
  readonly visible: readonly ConversationId[];
  /** It can show notifications. */
  readonly tells: boolean;
  /** Only of messages that name the person. */
  readonly mentions?: boolean;
  /** Also of reactions to what the person wrote. */
  readonly reactions?: boolean;
  /** Rises with every time a window got the focus: the last one used is the highest. */
  readonly focusOrder: number;
}

/** By the number of its editor session. */
export type Windows = ReadonlyMap<number, WindowState>;

export interface WindowReport {
  readonly focused: boolean;
  readonly visible: readonly ConversationId[];
  readonly tells: boolean;
  /** Only of messages that name the person. */
  readonly mentions?: boolean;
  /** Also of reactions to what the person wrote. */
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

/** What is told: a message that names the person, any other, or a reaction to one that they wrote. */
export type News = "named" | "message" | "reaction";

/** The window that tells about that in that conversation. */
export function chooseWindow(windows: Windows, conversation: ConversationId, news: News = "named"): number | undefined {
  for (const window of windows.values()) {
    if (window.focused && window.visible.includes(conversation)) return undefined;
  }
  return inFront(windows, ({ tells, mentions, reactions }) => {
    if (news === "reaction") return tells && reactions === true;
    return tells && (news === "named" || mentions !== true);
  });
}

/** The window that asks the person something: also one that tells about no messages. */
export function chooseAsker(windows: Windows): number | undefined {
  return inFront(windows, () => true);
}

/** The focused one, else the one used last. */
function inFront(windows: Windows, suits: (window: WindowState) => boolean): number | undefined {
  let chosen: { id: number; rank: number } | undefined;
  for (const [id, window] of windows) {
    if (!suits(window)) continue;
    const rank = (window.focused ? Number.MAX_SAFE_INTEGER / 2 : 0) + window.focusOrder;
    if (chosen === undefined || rank > chosen.rank) chosen = { id, rank };
  }
  return chosen?.id;
}
