// The search index of messages (SQLite FTS5, without contents and positions), by their numbers (`event.id`). It stores no
// texts: removing an entry requires the text that was added, and takes effect at once (`secure-delete`). A file that is
// older than the index is indexed in steps, from the newest message to the oldest; until then a search reads the messages
// that are missing. Changes of messages are not indexed.

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { gramsOf } from "./grams.ts";
import { conversationOf, numberOf, textOf } from "../read-rows.ts";
import type { Row } from "../read-rows.ts";
import type { Statements } from "../statements.ts";

/** The cost of indexing a message besides its text, in letters. */
const lettersBesideText = 20;
const pagesPerMerge = 50;

export class SearchIndex {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Messages up to this number are not indexed; undefined if all are. Not cached, because another thread may change it. */
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
   * Adds a new message. Must run inside a transaction, like all methods below. Its number may be a reused one, within the
   * range that is still to be indexed.
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
   * Indexes the newest messages that are missing.
   * @param enough the step ends after so many letters, so that it stays short
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

  /** Starts the index again from the beginning, for example after rows were changed outside this program. */
  restart(): void {
    this.#statements.of("INSERT INTO message_grams (message_grams) VALUES ('delete-all')").run();
    this.#statements.of("UPDATE upkeep SET unindexed_through = (SELECT max(id) FROM event)").run();
  }

  /**
   * Prepares for removing many entries: from now on removals are only recorded, and `mergeStep` performs them. Until its
   * last step, fragments of the removed texts can still be read in the file.
   */
  beginMany(): void {
    if (this.#unmerged === 1) return;
    this.#statements.of("UPDATE upkeep SET index_unmerged = 1").run();
    this.#configure("secure-delete", 0);
  }

  /** Performs one step of the recorded removals. @returns whether there is more to do */
  mergeStep(): boolean {
    const unmerged = this.#unmerged;
    if (unmerged === 0) return false;
    const before = this.#changes();
    this.#configure("merge", unmerged === 1 ? -pagesPerMerge : pagesPerMerge);
    this.#statements.of("UPDATE upkeep SET index_unmerged = 2").run();
    // SQLite counts the rows that a merge has written; the update above is one of them.
    if (this.#changes() - before > 2) return true;
    this.#configure("secure-delete", 1);
    this.#statements.of("UPDATE upkeep SET index_unmerged = 0").run();
    return false;
  }

  /** Returns the numbers of messages that may match, newest first. @param match see `matchOf` */
  *candidates(match: string, before: number): Generator<number> {
    const found = this.#statements.of(
      "SELECT rowid AS id FROM message_grams WHERE message_grams MATCH ? AND rowid < ? ORDER BY rowid DESC",
    );
    for (const row of found.iterate(match, before)) yield numberOf(row, "id");
  }

  /** 0: nothing to merge. 1: the merge has not started. 2: it is in progress. */
  get #unmerged(): number {
    return numberOf(this.#statements.of("SELECT index_unmerged AS state FROM upkeep").get(), "state");
  }

  #configure(option: string, value: number): void {
    // A `number` would be bound as a floating-point value, which FTS5 does not accept for all options.
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
