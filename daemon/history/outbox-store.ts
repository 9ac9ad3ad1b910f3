// What waits for an answer, in the order in which it was written. An act has no position in its conversation.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { noSeq } from "../core/acts.ts";
import type { Write } from "../core/effects.ts";
import type { OutboxEntry } from "../core/outbox.ts";
import { numberOf, readConversation, textOf } from "./read-rows.ts";
import type { Statements } from "./statements.ts";

export class OutboxStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  put({ conversation, seq, mid, present }: Extract<Write, { kind: "outbox" }>): void {
    if (present) {
      this.#statements
        .of("INSERT INTO outbox (conversation, mid, seq) VALUES (?, ?, ?)")
        .run(conversation, mid, seq === noSeq ? null : seq);
    } else {
      this.#statements.of("DELETE FROM outbox WHERE conversation = ? AND mid = ?").run(conversation, mid);
    }
  }

  /** Those whose row can be read. */
  all(): (OutboxEntry & { readonly conversation: ConversationId })[] {
    const rows = this.#statements.of("SELECT conversation, seq, mid FROM outbox ORDER BY position").all();
    return rows.flatMap((row) => {
      const conversation = readConversation(row, "conversation");
      const mid = textOf(row, "mid");
      if (!conversation || mid === "") return [];
      return { conversation, seq: row["seq"] === null ? noSeq : numberOf(row, "seq"), mid };
    });
  }

  drop(conversation: ConversationId): void {
    this.#statements.of("DELETE FROM outbox WHERE conversation = ?").run(conversation);
  }
}
