// Stores and changes the events of one account, and keeps the search index up to date. The unique index on sender and id
// rejects a second copy of an event, so nothing is done twice [P-5.4].

import { keyOfName } from "../../protocol/names.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationEvent } from "../../protocol/conversations/event.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Write } from "../core/effects.ts";
import { numberOf, textOf } from "./read-rows.ts";
import type { SearchIndex } from "./search/search-index.ts";
import type { Statements } from "./statements.ts";

/** SQL: the `id` of the next change, above 0, and above the ids that a pending deletion covers. */
const nextChange = `max(0, coalesce((SELECT max(id) FROM main.event), 0),
  coalesce((SELECT max(through_event) FROM main.purge), 0)) + 1`;

export class EventStore {
  readonly #statements: Statements;
  readonly #index: SearchIndex;
  readonly #owner: UserKey;

  /** Creates a store. @param owner whose history it is */
  constructor(statements: Statements, index: SearchIndex, owner: UserKey) {
    this.#statements = statements;
    this.#index = index;
    this.#owner = owner;
  }

  add({ event, message }: Extract<Write, { kind: "event" }>): void {
    if (message) {
      this.#addMessage(event, message);
      return;
    }
    const sender = keyOfName(event.from);
    addChange(this.#statements, { ...event, sender, own: sender === this.#owner });
  }

  changeState({ from, mid, state, failure, via }: Extract<Write, { kind: "state" }>): void {
    this.#statements
      .of("UPDATE event SET state = ?, failure_code = ?, failure_reason = ?, via = ? WHERE sender = ? AND mid = ?")
      .run(state, failure?.code ?? null, failure?.reason ?? null, via ?? null, keyOfName(from), mid);
  }

  changeText({ conversation, seq, text, edited, deleted }: ChatMessage): void {
    const before = this.#statements
      .of("SELECT id, body FROM event WHERE conversation = ? AND seq = ?")
      .get(conversation, seq);
    if (!before) return;
    const id = numberOf(before, "id");
    this.#statements
      .of("UPDATE event SET body = ?, edited = ?, deleted = ? WHERE id = ?")
      .run(text, Number(edited === true), Number(deleted === true), id);
    this.#index.change(id, conversation, textOf(before, "body"), text);
    if (deleted === true) this.#statements.of("DELETE FROM reaction WHERE event = ?").run(id);
  }

  react(of: { conversation: ConversationId; seq: number; emoji: string; from: string; on: boolean }): void {
    const { conversation, seq, emoji, from, on } = of;
    const statement = on
      ? `INSERT OR IGNORE INTO reaction (event, emoji, sender, author)
          SELECT id, ?, ?, ? FROM event WHERE conversation = ? AND seq = ?`
      : `DELETE FROM reaction WHERE emoji = ? AND sender = ? AND
          event = (SELECT id FROM event WHERE conversation = ? AND seq = ?)`;
    const author = on ? [from] : [];
    this.#statements.of(statement).run(emoji, keyOfName(from), ...author, conversation, seq);
  }

  #addMessage({ kind, target }: ConversationEvent, message: ChatMessage): void {
    const { conversation, seq, mid, from, own, text, sentAtMs, state, failure, edited, deleted, via } = message;
    const added = this.#statements
      .of(
        `INSERT INTO event (conversation, seq, mid, author, own, kind, target, body, sent_at_ms, state, failure_code,
          failure_reason, sender, edited, deleted, via) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[conversation, seq, mid, from, Number(own), kind, target ?? null, text, sentAtMs, state],
        ...[failure?.code ?? null, failure?.reason ?? null, keyOfName(from)],
        ...[Number(edited === true), Number(deleted === true), via ?? null],
      );
    this.#index.add(Number(added.lastInsertRowid), conversation, text);
  }
}

interface Change extends ConversationEvent {
  /** The key of its author's name. */
  readonly sender: string;
  readonly own: boolean;
}

/**
 * Adds an event that has no place in its conversation. The conversation may have no other events.
 * @param orIgnore do nothing if there is already an event with that sender and id
 * @returns whether it was added
 */
export function addChange(statements: Statements, change: Change, orIgnore = false): boolean {
  const { conversation, mid, from, sender, own, kind, target, body, sentAtMs, state } = change;
  ensureConversation(statements, conversation);
  const added = statements
    .of(
      `INSERT ${orIgnore ? "OR IGNORE " : ""}INTO event
          (id, seq, conversation, sender, mid, author, own, kind, target, body, sent_at_ms, state)
        SELECT next, -next, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM (SELECT ${nextChange} AS next)`,
    )
    .run(conversation, sender, mid, from, Number(own), kind, target ?? null, body, sentAtMs, state);
  return Number(added.changes) > 0;
}

/** Creates the conversation's row if there is none; its partner does not become a contact. */
function ensureConversation(statements: Statements, conversation: ConversationId): void {
  statements
    .of(
      `INSERT OR IGNORE INTO conversation (id, name, blocked, muted, read_seq, told_seq, contact)
        VALUES (?, '', 0, 0, 0, 0, 0)`,
    )
    .run(conversation);
}
