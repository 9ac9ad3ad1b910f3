// The own events that wait for an answer, in the order of sending.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Write } from "../core/effects.ts";
import type { OwnEvent } from "../core/ports.ts";
import { eventColumns, eventOfRow } from "./read-rows.ts";
import type { Statements } from "./statements.ts";

const ownEvent = "(SELECT id FROM event WHERE conversation = ? AND mid = ? AND own = 1)";

export class OutboxStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Adds or removes an entry. @throws an error of SQLite if there is no such event, which would never be sent */
  put({ conversation, mid, present }: Extract<Write, { kind: "outbox" }>): void {
    const statement = present
      ? `INSERT OR REPLACE INTO outbox (event) VALUES (${ownEvent})`
      : `DELETE FROM outbox WHERE event = ${ownEvent}`;
    this.#statements.of(statement).run(conversation, mid);
  }

  /** All entries except unreadable ones, which would block the entries behind them for ever. */
  all(): OwnEvent[] {
    const columns = eventColumns.replaceAll(/\w+/g, "event.$&");
    const rows = this.#statements
      .of(`SELECT ${columns} FROM outbox JOIN event ON event.id = outbox.event ORDER BY outbox.position`)
      .all();
    return rows.flatMap((row) => eventOfRow(row) ?? []);
  }

  drop(conversation: ConversationId): void {
    this.#statements
      .of("DELETE FROM outbox WHERE (SELECT conversation FROM event WHERE event.id = outbox.event) = ?")
      .run(conversation);
  }
}
