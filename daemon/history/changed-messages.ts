// Records which messages have changed since another thread began to read them. They are read again before they are shown, so
// that no view gets an older state than it already has.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { Write } from "../core/effects.ts";

export class Changes {
  readonly #places = new Set<string>();
  /** Authors and ids of messages whose state has changed. */
  readonly #origins = new Set<string>();
  readonly #emptied = new Set<ConversationId>();
  readonly #end: () => void;

  constructor(end: () => void) {
    this.#end = end;
  }

  note(write: Write): void {
    switch (write.kind) {
      case "event":
        if (write.message) this.#places.add(placeOf(write.message));
        return;
      case "state":
        this.#origins.add(originOf(write));
        return;
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

  /** Whether the message has changed, or the message that it quotes. */
  concern(message: ChatMessage): boolean {
    const { conversation, quote } = message;
    if (this.#emptied.has(conversation) || this.#places.has(placeOf(message))) return true;
    if (this.#origins.has(originOf(message))) return true;
    return quote?.seq !== undefined && this.#places.has(placeOf({ conversation, seq: quote.seq }));
  }

  end(): void {
    this.#end();
  }
}

function placeOf({ conversation, seq }: { conversation: ConversationId; seq: number }): string {
  return `${conversation}\n${seq}`;
}

function originOf({ from, mid }: { from: string; mid: string }): string {
  return `${keyOfName(from)}\n${mid}`;
}
