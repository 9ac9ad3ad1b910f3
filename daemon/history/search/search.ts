// Searches messages. The index returns candidates, newest first, and each is read to see whether it matches. Messages that
// are not indexed yet are read too, so that nothing is missed while the index is built. A search can be cancelled at any
// time, and ends after a time limit with a position from which to continue.

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
  /** The `next` of the previous page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface Found {
  /** Newest first. */
  readonly hits: { readonly message: ChatMessage }[];
  /**
   * Older messages may match too: pass this as `before` for the next page. Also set without a hit, if the time limit was
   * reached.
   */
  readonly next?: number;
}

/** Added to numbers of messages, which may be negative after an import of older ones; views get only positive values. */
const cursorBase = 2 ** 50;
/** Candidates between two checks of the clock. */
const lookEvery = 64;

export interface SearchLimits {
  /** The search returns what it has found after this time, in milliseconds. */
  readonly patienceMs: number;
  readonly nowMs: () => number;
  /** Whether the search was cancelled. */
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

  /** Returns candidates, newest first: indexed messages, then those that are not indexed yet. */
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

  /** Reads a candidate. @returns undefined if it does not match, is in another conversation or was removed */
  #read(id: number, phrases: readonly Phrase[], conversation: ConversationId | undefined): ChatMessage | undefined {
    const row = this.#statements.of("SELECT conversation, body FROM event WHERE id = ?").get(id);
    if (!row || (conversation !== undefined && row["conversation"] !== conversation)) return undefined;
    return holds(textOf(row, "body"), phrases) ? this.#messages.one("WHERE id = ?", id) : undefined;
  }
}

function cursorOf(id: number): number {
  return id + cursorBase;
}
