// The history in memory: the second implementation behind the contract suite, and the facts of the core's tests.

import type { ChatMessage, ConversationId } from "../../../protocol/editor/model.ts";
import type { UserKey } from "../../../protocol/ids.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type { Write } from "../../../daemon/core/effects.ts";
import type { Facts, Loaded } from "../../../daemon/core/ports.ts";

type ContactWrite = Extract<Write, { kind: "contact" }>;
type OutboxWrite = Extract<Write, { kind: "outbox" }>;

export class MemoryHistory implements Facts {
  readonly #messages: ChatMessage[] = [];
  readonly #contacts = new Map<ConversationId, ContactWrite>();
  #outbox: OutboxWrite[] = [];

  commit(writes: readonly Write[]): void {
    for (const write of writes) this.#perform(write);
  }

  load(): Loaded {
    const contacts = [...this.#contacts.values()].map(({ conversation, name, blocked, muted, readSeq }) => ({
      ...{ conversation, name, blocked, muted, readSeq },
      unread: this.countReceivedAfter(conversation, readSeq),
      last: this.page(conversation, undefined, 1).messages[0],
    }));
    return { contacts, outbox: this.#outbox.map(({ conversation, seq, mid }) => ({ conversation, seq, mid })) };
  }

  page(conversation: ConversationId, before: number | undefined, limit: number) {
    const older = this.#of(conversation).filter(({ seq }) => seq < (before ?? Infinity));
    return { messages: older.slice(-limit), more: older.length > limit };
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return this.#messages.some((each) => keyOfName(each.from) === sender && each.mid === mid);
  }

  message(conversation: ConversationId, seq: number): ChatMessage | undefined {
    return this.#of(conversation).find((each) => each.seq === seq);
  }

  ownMessage(conversation: ConversationId, mid: string): ChatMessage | undefined {
    return this.#of(conversation).find((each) => each.own && each.mid === mid);
  }

  ownUnreadThrough(conversation: ConversationId, seq: number): ChatMessage[] {
    const waiting = ["sending", "queued", "delivered"];
    return this.#of(conversation).filter((each) => each.own && each.seq <= seq && waiting.includes(each.state));
  }

  countReceivedAfter(conversation: ConversationId, seq: number): number {
    return this.#of(conversation).filter((each) => !each.own && each.seq > seq).length;
  }

  newestReceived(conversation: ConversationId, after: number, through: number): string | undefined {
    return this.#of(conversation).findLast((each) => !each.own && each.seq > after && each.seq <= through)?.mid;
  }

  #of(conversation: ConversationId): ChatMessage[] {
    return this.#messages
      .filter((each) => each.conversation === conversation)
      .sort((left, right) => left.seq - right.seq);
  }

  #perform(write: Write): void {
    switch (write.kind) {
      case "contact":
        this.#contacts.set(write.conversation, write);
        return;
      case "message":
        if (this.isKnown(keyOfName(write.message.from), write.message.mid)) throw new Error("the message is known");
        this.#messages.push(write.message);
        return;
      case "state": {
        const { conversation, seq } = write.message;
        const at = this.#messages.findIndex((each) => each.conversation === conversation && each.seq === seq);
        this.#messages[at] = write.message;
        return;
      }
      case "outbox":
        this.#outbox = this.#outbox.filter(({ conversation, seq }) => {
          return conversation !== write.conversation || seq !== write.seq;
        });
        if (write.present) this.#outbox.push(write);
        return;
    }
  }
}
