// The conversations of one account: their contacts, and up to where each was read.

import type { Write } from "../core/effects.ts";
import { numberOf, readConversation, textOf } from "./read-rows.ts";
import type { Statements } from "./statements.ts";

/** The limit of views. */
const maxNameLength = 256;

type Stored = Omit<Extract<Write, { kind: "contact" }>, "kind">;

export class ConversationStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  put({ conversation, name, blocked, muted, readSeq, readMarkSentSeq }: Stored): void {
    this.#statements
      .of(
        `INSERT INTO conversation (id, name, blocked, muted, read_seq, told_seq) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET contact = 1, name = excluded.name, blocked = excluded.blocked,
            muted = excluded.muted, read_seq = excluded.read_seq, told_seq = excluded.told_seq`,
      )
      .run(conversation, name, Number(blocked), Number(muted), readSeq, readMarkSentSeq);
  }

  /** The conversations with a contact whose row can be read. */
  all(): Stored[] {
    const rows = this.#statements
      .of("SELECT id, name, blocked, muted, read_seq, told_seq FROM conversation WHERE contact <> 0")
      .all();
    return rows.flatMap((row) => {
      const conversation = readConversation(row, "id");
      if (!conversation) return [];
      return {
        conversation,
        name: textOf(row, "name").slice(0, maxNameLength),
        blocked: numberOf(row, "blocked") === 1,
        muted: numberOf(row, "muted") === 1,
        readSeq: Math.max(0, numberOf(row, "read_seq")),
        readMarkSentSeq: Math.max(0, numberOf(row, "told_seq")),
      };
    });
  }
}
