// Which incoming messages are worth a notification: of several that come quickly in one conversation only the first; the
// others are counted by the badge. No vscode, no clock of its own.

import type { ConversationId } from "../protocol/editor/model.ts";

/** So long one unanswered notification speaks for its conversation. */
const quietMs = 15_000;

export class Announcements {
  readonly #now: () => number;
  readonly #sinceMs = new Map<ConversationId, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** True: show one for this message, and say `settle` when it was answered. `inSight`: the person sees the chat. */
  take(conversation: ConversationId, inSight: boolean): boolean {
    if (inSight) {
      this.settle(conversation);
      return false;
    }
    const now = this.#now();
    const since = this.#sinceMs.get(conversation);
    if (since !== undefined && now - since < quietMs) return false;
    this.#sinceMs.set(conversation, now);
    return true;
  }

  /** Its notification was answered, or its chat opened: the next message is news again. */
  settle(conversation: ConversationId): void {
    this.#sinceMs.delete(conversation);
  }
}
