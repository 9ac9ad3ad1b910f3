// Messages whose senders were told that they had arrived, but which came back because a link closed too soon [P-5.5], while
// nothing could be stored. They are kept in memory and given to the mailbox again, before anything later.

import { limits } from "../../../protocol/limits.ts";
import type { QueuedMessage } from "../ports.ts";

export class OwedLetters {
  #letters: QueuedMessage[] = [];
  #dueMs = 0;

  get empty(): boolean {
    return this.#letters.length === 0;
  }

  add(letter: QueuedMessage, nowMs: number): void {
    this.#letters.push(letter);
    this.#dueMs = nowMs + limits.acknowledgementMs;
  }

  /** Whether it is time to try again. */
  isDue(nowMs: number): boolean {
    return !this.empty && nowMs >= this.#dueMs;
  }

  /** Takes all out, in order. */
  take(): QueuedMessage[] {
    return this.#letters.splice(0);
  }
}
