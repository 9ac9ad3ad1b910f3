// Which messages `tail` prints, and when: each once, though the daemon tells of one again whenever anything about it changes.
// An own one is printed when it is known what became of it. Pure.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";

export class TailedMessages {
  readonly #print: (message: ChatMessage) => void;
  /** Up to where each conversation was printed, or is older than the command. */
  readonly #newest = new Map<ConversationId, number>();
  /** Own messages that are being sent. */
  readonly #sending = new Map<ConversationId, Set<number>>();
  /** What came before it was known what is old; undefined since it is. */
  #early: ChatMessage[] | undefined = [];

  constructor(print: (message: ChatMessage) => void) {
    this.#print = print;
  }

  startBehind(conversation: ConversationId, seq: number): void {
    this.#newest.set(conversation, seq);
  }

  /** Everything up to there needs no second look. */
  settledUpTo(conversation: ConversationId): number {
    return Math.min(this.#newest.get(conversation) ?? 0, ...[...this.#sendingIn(conversation)].map((seq) => seq - 1));
  }

  /** Of a conversation that was deleted: its positions begin anew. */
  forget(conversations: readonly ConversationId[]): void {
    for (const each of conversations) {
      this.#newest.delete(each);
      this.#sending.delete(each);
    }
  }

  /** What is old is known. */
  begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    this.read(early);
  }

  /** Told by the daemon. */
  changed(messages: readonly ChatMessage[]): void {
    if (this.#early) this.#early.push(...messages);
    else this.read(messages);
  }

  /** In their order. */
  read(messages: readonly ChatMessage[]): void {
    for (const message of messages) {
      const { conversation, seq, own, state } = message;
      const sending = this.#sendingIn(conversation);
      const isNew = seq > (this.#newest.get(conversation) ?? 0);
      if (isNew) this.#newest.set(conversation, seq);
      if (own && state === "sending") {
        if (isNew) sending.add(seq);
      } else if (sending.delete(seq) || isNew) this.#print(message);
    }
  }

  #sendingIn(conversation: ConversationId): Set<number> {
    const found = this.#sending.get(conversation) ?? new Set();
    this.#sending.set(conversation, found);
    return found;
  }
}
