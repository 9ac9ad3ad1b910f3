// Finds messages: the index names those that may hold the words, newest first, and each is read to see whether it does. What
// the index does not have yet is read as well, so nothing is missed while it is built. A search can be given up at any
// moment, and ends by itself after a while with where to go on.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { holds, phrasesOf } from "../../../protocol/search/query.ts";
import type { Phrase } from "../../../protocol/search/query.ts";
import { matchOf } from "./grams.ts";
import type { EventReader } from "../event-reader.ts";
import { maxPageBytes } from "../event-reader.ts";
import { numberOf, textOf } from "../read-rows.ts";
import type { SearchIndex } from "./search-index.ts";
import type { Statements } from "../statements.ts";

export interface SearchParams {
  readonly text: string;
  readonly conversation?: ConversationId | undefined;
  /** The `next` of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface Found {
  /** Newest first. */
  readonly hits: { readonly message: ChatMessage }[];
  /** Older ones may hold it too: `before` for the next page. Also without a hit, if the search has taken long. */
  readonly next?: number;
}

/** Numbers of messages may be below 0, as after an import of older ones; what views are told is not. */
const cursorBase = 2 ** 50;
/** Candidates between two looks at the clock. */
const lookEvery = 64;

export interface SearchLimits {
  /** After this it answers with what it has, in milliseconds. */
  readonly patienceMs: number;
  readonly nowMs: () => number;
  /** Nobody waits for the answer any more. */
  readonly isGivenUp: () => boolean;
}

export class Search {
  readonly #statements: Statements;
  readonly #index: SearchIndex;
  readonly #messages: EventReader;

  constructor(statements: Statements, index: SearchIndex, messages: EventReader) {
    this.#statements = statements;
    this.#index = index;
    this.#messages = messages;
  }

  find({ text, conversation, before, limit }: SearchParams, limits: SearchLimits): Found {
    const phrases = phrasesOf(text);
    if (phrases.length === 0) return { hits: [] };
    const from = before === undefined ? Number.MAX_SAFE_INTEGER : before - cursorBase;
    const hits: { message: ChatMessage }[] = [];
    const startMs = limits.nowMs();
    let bytes = 0;
    let seen = 0;
    for (const id of this.#candidates(phrases, conversation, from)) {
      seen += 1;
      const message = this.#read(id, phrases, conversation);
      bytes += message === undefined ? 0 : Buffer.byteLength(message.text);
      if (hits.length >= limit && message) return { hits, next: cursorOf(id + 1) };
      if (message) hits.push({ message });
      const late = seen % lookEvery === 0 && (limits.isGivenUp() || limits.nowMs() - startMs > limits.patienceMs);
      if (late || bytes > maxPageBytes) return { hits, next: cursorOf(id) };
    }
    return { hits };
  }

  /** Newest first: what the index has, then what it does not have yet. */
  *#candidates(
    phrases: readonly Phrase[],
    conversation: ConversationId | undefined,
    before: number,
  ): Generator<number> {
    const missing = this.#index.unindexedThrough;
    if (missing === undefined || before > missing + 1) {
      yield* this.#index.candidates(matchOf(phrases, conversation), before);
    }
    if (missing === undefined) return;
    const scan = this.#statements.of("SELECT id FROM event WHERE id <= ? AND id < ? AND seq > 0 ORDER BY id DESC");
    for (const row of scan.iterate(missing, before)) yield numberOf(row, "id");
  }

  /** @returns undefined if it does not hold the words, is in another conversation or is gone */
  #read(id: number, phrases: readonly Phrase[], conversation: ConversationId | undefined): ChatMessage | undefined {
    const row = this.#statements.of("SELECT conversation, body FROM event WHERE id = ?").get(id);
    if (!row || (conversation !== undefined && row["conversation"] !== conversation)) return undefined;
    return holds(textOf(row, "body"), phrases) ? this.#messages.one("WHERE id = ?", id) : undefined;
  }
}

function cursorOf(id: number): number {
  return id + cursorBase;
}
