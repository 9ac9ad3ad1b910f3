// The loaded part of one conversation, in the order of the daemon's history: one contiguous stretch that ends with the
// newest message. Merges pages and changes; never invents a message and never loads one itself.

import type { ChatMessage } from "../../protocol/editor/model.ts";

export class MessageLog {
  #messages: readonly ChatMessage[] = [];
  /** There are older ones in the history. */
  #more = false;

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  get more(): boolean {
    return this.#more;
  }

  get oldestSeq(): number | undefined {
    return this.#messages[0]?.seq;
  }

  /** Takes the newest page in place of everything. */
  reset(page: readonly ChatMessage[], more: boolean): void {
    this.#messages = sorted(page);
    this.#more = more;
  }

  /** Takes the page before the oldest message; answers those of it that are new. */
  prepend(page: readonly ChatMessage[], more: boolean): readonly ChatMessage[] {
    const oldest = this.oldestSeq ?? Number.POSITIVE_INFINITY;
    const older = sorted(page.filter((each) => each.seq < oldest));
    this.#messages = [...older, ...this.#messages];
    this.#more = more;
    return older;
  }

  /** Takes what is new or changed; answers what concerns the loaded part. */
  merge(changes: readonly ChatMessage[]): readonly ChatMessage[] {
    const oldest = this.oldestSeq ?? 0;
    const relevant = changes.filter((each) => each.seq >= oldest || !this.#more);
    if (relevant.length === 0) return [];
    const bySeq = new Map(this.#messages.map((each) => [each.seq, each]));
    for (const each of relevant) bySeq.set(each.seq, each);
    this.#messages = sorted([...bySeq.values()]);
    return relevant;
  }

  /** The first of the last `unread` messages from others; undefined when all were read or it is not loaded. */
  firstUnread(unread: number): number | undefined {
    const received = this.#messages.filter((each) => !each.own);
    return unread <= 0 || received.length === 0 ? undefined : received.at(-Math.min(unread, received.length))?.seq;
  }
}

function sorted(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return [...messages].sort((a, b) => a.seq - b.seq);
}
