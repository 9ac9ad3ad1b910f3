// Decides which messages `tail` prints, and when. Each is printed once, although the daemon reports every change of it. An
// own message is printed when its outcome is known. Pure.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";

export class TailedMessages {
  readonly #print: (message: ChatMessage) => void;
  /** Per conversation, the seq up to which messages are printed or older than the command. */
  readonly #newest = new Map<ConversationId, number>();
  /** Own messages that are being sent. */
  readonly #sending = new Map<ConversationId, Set<number>>();
  /** Messages that arrived before the start of each conversation was known; undefined afterwards. */
  #early: ChatMessage[] | undefined = [];

  constructor(print: (message: ChatMessage) => void) {
    this.#print = print;
  }

  startBehind(conversation: ConversationId, seq: number): void {
    this.#newest.set(conversation, seq);
  }

  /** Returns the seq up to which nothing has to be read again. */
  settledUpTo(conversation: ConversationId): number {
    return Math.min(this.#newest.get(conversation) ?? 0, ...[...this.#sendingIn(conversation)].map((seq) => seq - 1));
  }

  /** Forgets deleted conversations, because their seqs start again. */
  forget(conversations: readonly ConversationId[]): void {
    for (const each of conversations) {
      this.#newest.delete(each);
      this.#sending.delete(each);
    }
  }

  /** Called once it is known where each conversation starts. */
  begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    this.read(early);
  }

  /** Handles messages that the daemon reported. */
  changed(messages: readonly ChatMessage[]): void {
    if (this.#early) this.#early.push(...messages);
    else this.read(messages);
  }

  /** Prints messages that are due. They must be in order. */
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
