// Which own events the server has queued, each kind of query by an index of its own: messages among the newest that were not
// seen to be read, changes exactly.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { OutboxEntry } from "../core/outbox.ts";
import { numberOf, textOf } from "./read-rows.ts";
import type { Statements } from "./statements.ts";
import type { Purges } from "./upkeep/purges.ts";

export class QueuedEvents {
  readonly #statements: Statements;
  readonly #purges: Purges;

  constructor(statements: Statements, purges: Purges) {
    this.#statements = statements;
    this.#purges = purges;
  }

  /** Messages, then changes, each in their order and of each the newest. */
  of(conversation: ConversationId, limit: number): OutboxEntry[] {
    return [...this.#messages(conversation, limit), ...this.#changes(conversation, limit)];
  }

  /**
   * The query names the states as the index `message_unread_by_other` does, since SQLite uses it for nothing less. The limit
   * is on what the query looks at: all of it may have been delivered.
   */
  #messages(conversation: ConversationId, limit: number): OutboxEntry[] {
    return this.#statements
      .of(
        `SELECT seq, mid, state FROM event WHERE conversation = ? AND seq > ? AND own = 1
          AND state IN ('sending', 'queued', 'delivered') AND state <> 'sending' ORDER BY seq DESC LIMIT ?`,
      )
      .all(conversation, this.#purges.through(conversation), limit)
      .filter((row) => row["state"] === "queued")
      .map((row) => ({ seq: numberOf(row, "seq"), mid: textOf(row, "mid") }))
      .reverse();
  }

  #changes(conversation: ConversationId, limit: number): OutboxEntry[] {
    return this.#statements
      .of("SELECT mid FROM event WHERE conversation = ? AND seq < ? AND state = 'queued' ORDER BY seq LIMIT ?")
      .all(conversation, -this.#purges.throughChange(conversation), limit)
      .map((row) => ({ mid: textOf(row, "mid") }))
      .reverse();
  }
}
