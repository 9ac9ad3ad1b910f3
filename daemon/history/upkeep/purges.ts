// Conversations that the person deleted. From the commit on nobody reads them any more; their rows go in small steps behind
// that (removal.ts), also after a restart. What comes later in the same conversation is no part of it.

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { numberOf, readConversation } from "../read-rows.ts";
import type { Statements } from "../statements.ts";

export class Purges {
  readonly #statements: Statements;
  readonly #through = new Map<ConversationId, number>();
  readonly #throughChange = new Map<ConversationId, number>();

  constructor(statements: Statements) {
    this.#statements = statements;
    this.reload();
  }

  /** Everything up to that position is gone; 0 if nothing was deleted. */
  through(conversation: ConversationId): number {
    return this.#through.get(conversation) ?? 0;
  }

  /** As `through`, of the changes there: by their `id`, since they have no position. */
  throughChange(conversation: ConversationId): number {
    return this.#throughChange.get(conversation) ?? 0;
  }

  /** Inside a transaction. */
  begin(conversation: ConversationId, throughSeq: number): void {
    this.#statements
      .of(
        `INSERT INTO purge (conversation, through_seq, through_event)
          VALUES (?, ?, max(0, coalesce((SELECT max(id) FROM event), 0)))
          ON CONFLICT DO UPDATE SET through_seq = max(through_seq, excluded.through_seq),
            through_event = max(through_event, excluded.through_event)`,
      )
      .run(conversation, throughSeq);
  }

  /** As it is in the file now: after a commit, and in another thread. */
  reload(): void {
    this.#through.clear();
    this.#throughChange.clear();
    for (const row of this.#statements.of("SELECT conversation, through_seq, through_event FROM purge").all()) {
      const conversation = readConversation(row, "conversation");
      if (!conversation) continue;
      this.#through.set(conversation, numberOf(row, "through_seq"));
      this.#throughChange.set(conversation, numberOf(row, "through_event"));
    }
  }

  pending(): ReadonlyMap<ConversationId, number> {
    return this.#through;
  }
}
