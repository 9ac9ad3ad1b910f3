// Finds the own events that the server has queued. Each query uses its own index: messages are searched among the newest
// that are not known to be read, changes are found exactly.

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

  /** Returns the newest messages, then the newest changes, each in order. */
  of(conversation: ConversationId, limit: number): OutboxEntry[] {
    return [...this.#messages(conversation, limit), ...this.#changes(conversation, limit)];
  }

  /**
   * Returns queued messages. The query names the states exactly as the index `message_unread_by_other` does; otherwise
   * SQLite would not use the index. The limit is on the rows that the query examines: all of them may have been delivered.
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
