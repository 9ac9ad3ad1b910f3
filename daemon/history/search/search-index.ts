// The index of what messages are made of (SQLite FTS5, without contents and positions), by their numbers (`event.id`). It
// holds no texts: what is taken out is told by the text that it had, and goes at once (`secure-delete`). A file of before
// there was this index is taken in from the newest message to the oldest, in steps; what is not in it yet is read by whoever
// searches. Changes of messages are not in it.

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { gramsOf } from "./grams.ts";
import { conversationOf, numberOf, textOf } from "../read-rows.ts";
import type { Row } from "../read-rows.ts";
import type { Statements } from "../statements.ts";

/** What a message costs beside its text, in letters. */
const lettersBesideText = 20;
const pagesPerMerge = 50;

export class SearchIndex {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Messages up to this number are not in it; undefined if all are. Asked anew each time: another thread works on it. */
  get unindexedThrough(): number | undefined {
    const row = this.#statements.of("SELECT unindexed_through AS number FROM upkeep").get();
    return typeof row?.["number"] === "bigint" ? Number(row["number"]) : undefined;
  }

  get isIncomplete(): boolean {
    return this.unindexedThrough !== undefined;
  }

  get isUnmerged(): boolean {
    return this.#unmerged > 0;
  }

  /**
   * Of a message that is new. Inside a transaction, as everything that follows. Its number may be one that was free again,
   * among those that are still to be taken in.
   */
  add(id: number, conversation: ConversationId, text: string): void {
    if (this.#has(id)) this.#put(id, conversation, text);
  }

  change(id: number, conversation: ConversationId, before: string, text: string): void {
    if (!this.#has(id)) return;
    this.#take(id, conversation, before);
    this.#put(id, conversation, text);
  }

  remove(id: number, conversation: ConversationId, text: string): void {
    if (this.#has(id)) this.#take(id, conversation, text);
  }

  /**
   * Takes in the newest messages that are missing.
   * @param enough after so many letters the step ends, so that it is a short one
   * @returns whether there are more
   */
  takeIn(enough: number): boolean {
    const through = this.unindexedThrough;
    if (through === undefined) return false;
    let last = through;
    let letters = 0;
    const missing = this.#statements.of(
      "SELECT id, conversation, seq, body FROM event WHERE id <= ? ORDER BY id DESC LIMIT 1000",
    );
    const rows: Row[] = [];
    for (const row of missing.iterate(through)) {
      rows.push(row);
      letters += lettersBesideText + textOf(row, "body").length;
      if (letters >= enough) break;
    }
    for (const row of rows) {
      last = numberOf(row, "id") - 1;
      const isMessage = numberOf(row, "seq") > 0;
      if (isMessage) this.#put(last + 1, conversationOf(row, "conversation"), textOf(row, "body"));
    }
    const more = rows.length > 0;
    this.#statements.of("UPDATE upkeep SET unindexed_through = ?").run(more ? last : null);
    return more;
  }

  /** Everything is to be taken in anew, as when rows have changed beside this program. */
  restart(): void {
    this.#statements.of("INSERT INTO message_grams (message_grams) VALUES ('delete-all')").run();
    this.#statements.of("UPDATE upkeep SET unindexed_through = (SELECT max(id) FROM event)").run();
  }

  /**
   * Many will be taken out: from now on that is only noted, and `mergeStep` does it. Until the last of those the parts of
   * what was taken out can still be read in the file.
   */
  beginMany(): void {
    if (this.#unmerged === 1) return;
    this.#statements.of("UPDATE upkeep SET index_unmerged = 1").run();
    this.#configure("secure-delete", 0);
  }

  /** @returns whether there is more to do */
  mergeStep(): boolean {
    const unmerged = this.#unmerged;
    if (unmerged === 0) return false;
    const before = this.#changes();
    this.#configure("merge", unmerged === 1 ? -pagesPerMerge : pagesPerMerge);
    this.#statements.of("UPDATE upkeep SET index_unmerged = 2").run();
    // SQLite counts what a merge has written; the row above is one.
    if (this.#changes() - before > 2) return true;
    this.#configure("secure-delete", 1);
    this.#statements.of("UPDATE upkeep SET index_unmerged = 0").run();
    return false;
  }

  /** The numbers of messages that may hold it, newest first. @param match see `matchOf` */
  *candidates(match: string, before: number): Generator<number> {
    const found = this.#statements.of(
      "SELECT rowid AS id FROM message_grams WHERE message_grams MATCH ? AND rowid < ? ORDER BY rowid DESC",
    );
    for (const row of found.iterate(match, before)) yield numberOf(row, "id");
  }

  /** 0: nothing is left to merge. 1: it is not begun. 2: it is under way. */
  get #unmerged(): number {
    return numberOf(this.#statements.of("SELECT index_unmerged AS state FROM upkeep").get(), "state");
  }

  #configure(option: string, value: number): void {
    // A number would be bound as one with a fraction, which FTS5 does not take for all of them.
    this.#statements.of("INSERT INTO message_grams (message_grams, rank) VALUES (?, ?)").run(option, BigInt(value));
  }

  #changes(): number {
    return numberOf(this.#statements.of("SELECT total_changes() AS count").get(), "count");
  }

  #has(id: number): boolean {
    const missing = this.unindexedThrough;
    return missing === undefined || id > missing;
  }

  #put(id: number, conversation: ConversationId, text: string): void {
    this.#statements.of("INSERT INTO message_grams (rowid, grams) VALUES (?, ?)").run(id, gramsOf(conversation, text));
  }

  #take(id: number, conversation: ConversationId, text: string): void {
    this.#statements
      .of("INSERT INTO message_grams (message_grams, rowid, grams) VALUES ('delete', ?, ?)")
      .run(id, gramsOf(conversation, text));
  }
}
