// Decides which incoming messages cause a notification: only the first of several in quick succession per conversation, and
// one for all if several conversations have a notification already. The badge counts the rest. A message that mentions the
// person is treated separately. No vscode, no clock of its own.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";

/** How long an unanswered notification covers its conversation. */
const quietMs = 15_000;
/** How many may be shown side by side; after that, one covers all. */
const maxSideBySide = 3;

export type NotificationSize = "one" | "several" | "none";

export class NotificationBatches {
  readonly #now: () => number;
  readonly #sinceMs = new Map<ConversationId, number>();
  /** For messages that mention the person. */
  readonly #namedSinceMs = new Map<ConversationId, number>();
  #severalSinceMs: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Decides what to show for this message; call `settle` once it was answered. `inSight`: the person sees the chat.
   * `named`: the message mentions the person.
   */
  take(conversation: ConversationId, inSight: boolean, named = false): NotificationSize {
    if (inSight) {
      this.settle(conversation);
      return "none";
    }
    const now = this.#now();
    const isRepeated = this.#isFresh((named ? this.#namedSinceMs : this.#sinceMs).get(conversation), now);
    if (isRepeated) return "none";
    const waiting = [...this.#sinceMs.values()].filter((since) => this.#isFresh(since, now)).length;
    if (named) this.#namedSinceMs.set(conversation, now);
    if (waiting >= maxSideBySide && !named) {
      if (this.#isFresh(this.#severalSinceMs, now)) return "none";
      this.#severalSinceMs = now;
      return "several";
    }
    this.#sinceMs.set(conversation, now);
    return "one";
  }

  /** Call when its notification was answered or its chat opened: the next message notifies again. */
  settle(conversation: ConversationId): void {
    this.#sinceMs.delete(conversation);
    this.#namedSinceMs.delete(conversation);
  }

  settleSeveral(): void {
    this.#severalSinceMs = undefined;
  }

  #isFresh(sinceMs: number | undefined, nowMs: number): boolean {
    return sinceMs !== undefined && nowMs - sinceMs < quietMs;
  }
}
