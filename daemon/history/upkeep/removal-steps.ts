// Removes events from the file permanently, in steps: those of deleted conversations, and those that are older than the
// retention setting. They are overwritten in the file and in the index; that they were once known is remembered [P-5.4].

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { forget } from "./forgotten.ts";
import { conversationOf, numberOf, readConversation, textOf } from "../read-rows.ts";
import type { Row } from "../read-rows.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { Statements } from "../statements.ts";

/** A step ends after so many letters, messages, changes or pages. */
const lettersPerStep = 15_000;
const messagesPerStep = 100;
const changesPerStep = 300;
const pagesPerStep = 200;
/** From this number on, merging the whole index is faster than removing entries one by one (3 ms each). */
const manyAtLeast = 50;
const manyPart = 1 / 500;
/** Messages per step if they are removed one by one. */
const fewPerStep = 5;

export class Removal {
  readonly #statements: Statements;
  readonly #index: SearchIndex;

  constructor(statements: Statements, index: SearchIndex) {
    this.#statements = statements;
    this.#index = index;
  }

  /**
   * Removes part of a deleted conversation. Must run inside a transaction, like all methods here.
   * @returns whether there is more to do for that conversation
   */
  purgeStep(conversation: ConversationId): boolean {
    const purge = this.#statements
      .of("SELECT through_seq, through_event FROM purge WHERE conversation = ?")
      .get(conversation);
    if (!purge) return false;
    const through = numberOf(purge, "through_seq");
    const messages = this.#oldest(conversation, through);
    const [first] = messages;
    if (first) {
      this.#removeMessages(messages, through - numberOf(first, "seq") >= this.#many());
      return true;
    }
    const changes = this.#statements
      .of(`SELECT id, sender, mid FROM event WHERE conversation = ? AND seq < 0 AND seq >= ? LIMIT ${changesPerStep}`)
      .all(conversation, -numberOf(purge, "through_event"));
    if (changes.length > 0) {
      this.#removeChanges(changes);
      return true;
    }
    this.#statements.of("DELETE FROM purge WHERE conversation = ?").run(conversation);
    this.#forgetConversation(conversation);
    return false;
  }

  /** Removes the oldest messages of that conversation, up to the first that is to stay. */
  trimStep(conversation: ConversationId, beforeMs: number): boolean {
    const rows = this.#oldest(conversation, Number.MAX_SAFE_INTEGER);
    const stays = rows.findIndex((row) => numberOf(row, "sent_at_ms") >= beforeMs || row["waits"] === 1n);
    const old = stays < 0 ? rows : rows.slice(0, stays);
    const [first] = old;
    if (!first) return false;
    const later = this.#statements
      .of("SELECT sent_at_ms FROM event WHERE conversation = ? AND seq >= ? ORDER BY seq LIMIT 1")
      .get(conversation, numberOf(first, "seq") + this.#many());
    this.#removeMessages(old, later !== undefined && numberOf(later, "sent_at_ms") < beforeMs);
    return true;
  }

  trimChangesStep(beforeMs: number): boolean {
    const rows = this.#statements
      .of(
        `SELECT id, sender, mid, sent_at_ms, EXISTS (SELECT 1 FROM outbox WHERE outbox.event = event.id) AS waits
          FROM event WHERE 0 > seq ORDER BY id LIMIT ${changesPerStep}`,
      )
      .all();
    const stays = rows.findIndex((row) => numberOf(row, "sent_at_ms") >= beforeMs || row["waits"] === 1n);
    const old = stays < 0 ? rows : rows.slice(0, stays);
    this.#removeChanges(old);
    if (old.length > 0) return true;
    this.#statements
      .of(
        `DELETE FROM conversation
          WHERE contact = 0 AND NOT EXISTS (SELECT 1 FROM event WHERE event.conversation = conversation.id)`,
      )
      .run();
    return false;
  }

  conversations(): ConversationId[] {
    const rows = this.#statements.of("SELECT id FROM conversation").all();
    return rows.flatMap((row) => readConversation(row, "id") ?? []);
  }

  /** Returns free pages to the file system, if the file was created with this option. */
  giveBackStep(): boolean {
    const free = (): number => numberOf(this.#statements.of("PRAGMA freelist_count").get(), "freelist_count");
    const before = free();
    if (before === 0) return false;
    this.#statements.of(`PRAGMA incremental_vacuum(${pagesPerStep})`).all();
    return free() < before;
  }

  #many(): number {
    const all = this.#statements.of("SELECT (SELECT max(id) FROM event) - (SELECT min(id) FROM event) AS count").get();
    return Math.max(manyAtLeast, Math.round(numberOf(all, "count") * manyPart));
  }

  #oldest(conversation: ConversationId, through: number): Row[] {
    const found: Row[] = [];
    let letters = 0;
    const rows = this.#statements.of(
      `SELECT id, conversation, seq, sender, mid, body, sent_at_ms,
          EXISTS (SELECT 1 FROM outbox WHERE outbox.event = event.id) AS waits
        FROM event WHERE conversation = ? AND seq > 0 AND seq <= ? ORDER BY seq`,
    );
    for (const row of rows.iterate(conversation, through)) {
      found.push(row);
      letters += textOf(row, "body").length;
      if (found.length >= messagesPerStep || letters >= lettersPerStep) break;
    }
    return found;
  }

  /** Removes messages. @param many far more will follow */
  #removeMessages(rows: readonly Row[], many: boolean): void {
    if (many) this.#index.beginMany();
    for (const row of many ? rows : rows.slice(0, fewPerStep)) {
      const id = row["id"] ?? null;
      this.#index.remove(numberOf(row, "id"), conversationOf(row, "conversation"), textOf(row, "body"));
      this.#statements.of("DELETE FROM reaction WHERE event = ?").run(id);
      this.#remove(row);
    }
  }

  #removeChanges(rows: readonly Row[]): void {
    for (const row of rows) this.#remove(row);
  }

  #remove(row: Row): void {
    for (const statement of ["DELETE FROM outbox WHERE event = ?", "DELETE FROM event WHERE id = ?"]) {
      this.#statements.of(statement).run(row["id"] ?? null);
    }
    forget(this.#statements, textOf(row, "sender"), textOf(row, "mid"));
  }

  /**
   * Removes the contact, unless a new message has arrived meanwhile or it is blocked. A change alone does not make a
   * contact.
   */
  #forgetConversation(conversation: ConversationId): void {
    this.#statements
      .of(
        `UPDATE conversation SET contact = 0, name = '' WHERE id = ? AND blocked = 0 AND NOT EXISTS
          (SELECT 1 FROM event WHERE event.conversation = conversation.id AND event.seq > 0)`,
      )
      .run(conversation);
    this.#statements
      .of(
        `DELETE FROM conversation WHERE id = ? AND contact = 0
          AND NOT EXISTS (SELECT 1 FROM event WHERE event.conversation = conversation.id)`,
      )
      .run(conversation);
    this.#statements.of("DELETE FROM received_count WHERE conversation = ? AND count = 0").run(conversation);
  }
}
