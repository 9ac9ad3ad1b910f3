// The conversations of one account: whom each is with, and up to where it was read.

import type { Write } from "../core/effects.ts";
import { conversationOf, numberOf, textOf } from "./rows.ts";
import type { Statements } from "./statements.ts";

type Stored = Omit<Extract<Write, { kind: "contact" }>, "kind">;

export class ConversationStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  put({ conversation, name, blocked, muted, readSeq, toldSeq }: Stored): void {
    this.#statements
      .of(
        `INSERT INTO conversation (id, name, blocked, muted, read_seq, told_seq) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET name = excluded.name, blocked = excluded.blocked, muted = excluded.muted,
            read_seq = excluded.read_seq, told_seq = excluded.told_seq`,
      )
      .run(conversation, name, Number(blocked), Number(muted), readSeq, toldSeq);
  }

  all(): Stored[] {
    const rows = this.#statements.of("SELECT id, name, blocked, muted, read_seq, told_seq FROM conversation").all();
    return rows.map((row) => ({
      conversation: conversationOf(row, "id"),
      name: textOf(row, "name"),
      blocked: row["blocked"] === 1,
      muted: row["muted"] === 1,
      readSeq: numberOf(row, "read_seq"),
      toldSeq: numberOf(row, "told_seq"),
    }));
  }
}
