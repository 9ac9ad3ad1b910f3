// Conversations that the person deleted. From the commit on nobody can read them; their rows are removed afterwards in small
// steps (removal-steps.ts), also after a restart. Later messages in the same conversation are not affected.

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

  /** Returns the position up to which everything is deleted; 0 if nothing is. */
  through(conversation: ConversationId): number {
    return this.#through.get(conversation) ?? 0;
  }

  /** As `through`, for the changes in the conversation: by their `id`, since they have no position. */
  throughChange(conversation: ConversationId): number {
    return this.#throughChange.get(conversation) ?? 0;
  }

  /** Begins a deletion. Must run inside a transaction. */
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

  /** Reads the state from the file again: after a commit, and in another thread. */
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
