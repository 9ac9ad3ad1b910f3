// Which incoming messages are worth a notification: of several that come quickly in one conversation only the first, and
// where several conversations wait already one for all of them; the rest is counted by the badge. No vscode, no clock of
// its own. A message that names the person is news beside those that do not.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";

/** So long one unanswered notification speaks for its conversation. */
const quietMs = 15_000;
/** So many may wait side by side; then one speaks for all. */
const maxSideBySide = 3;

export type NotificationSize = "one" | "several" | "none";

export class NotificationBatches {
  readonly #now: () => number;
  readonly #sinceMs = new Map<ConversationId, number>();
  /** Of those that name the person. */
  readonly #namedSinceMs = new Map<ConversationId, number>();
  #severalSinceMs: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * What to show for this message; say `settle` when it was answered. `inSight`: the person sees the chat. `named`: the
   * message names the person.
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

  /** Its notification was answered, or its chat opened: the next message is news again. */
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
