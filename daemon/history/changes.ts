// Which messages have changed since somebody began to read them in another thread: those are read again before they are
// shown, so that no view is given an older state than it was told of.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Write } from "../core/effects.ts";

export class Changes {
  readonly #places = new Set<string>();
  readonly #emptied = new Set<ConversationId>();
  readonly #end: () => void;

  constructor(end: () => void) {
    this.#end = end;
  }

  note(write: Write): void {
    switch (write.kind) {
      case "message":
      case "state":
      case "text":
        this.#places.add(placeOf(write.message));
        return;
      case "reaction":
        this.#places.add(placeOf(write));
        return;
      case "purge":
        this.#emptied.add(write.conversation);
        return;
      default:
    }
  }

  /** It, or the message that it answers. */
  concern({ conversation, seq, quote }: ChatMessage): boolean {
    if (this.#emptied.has(conversation) || this.#places.has(placeOf({ conversation, seq }))) return true;
    return quote?.seq !== undefined && this.#places.has(placeOf({ conversation, seq: quote.seq }));
  }

  end(): void {
    this.#end();
  }
}

function placeOf({ conversation, seq }: { conversation: ConversationId; seq: number }): string {
  return `${conversation}\n${seq}`;
}
