// Merges one history into another of the same person: an import, or what was stored under another address of the server.
// Nothing is duplicated: events are identified by sender and id. If a message differs, its later state counts. The merge is
// complete or has no effect; nobody else has either file open, and repeating it changes nothing.

import { existsSync } from "node:fs";
import { openDatabase, transact } from "../../../base/sqlite.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { UserKey } from "../../../protocol/ids.ts";
import { removeBackups } from "../upkeep/backups.ts";
import { History } from "../history.ts";
import { insertChanges, mergeDrafts, mergeMessages, mergeOutbox, mergeReactions } from "./merge-changes.ts";
import { placeMessages } from "./merge-order.ts";
import { Removal } from "../upkeep/removal-steps.ts";
import { aside, conversationOf, numberOf, readConversation } from "../read-rows.ts";
import { historyMigrations } from "../schema.ts";
import { SearchIndex } from "../search/search-index.ts";
import { Statements } from "../statements.ts";

export interface Merged {
  /** Number of new messages. */
  readonly messages: number;
  /** Number of new edits, deletions and reactions. */
  readonly acts: number;
}

/**
 * Merges `source` into `path`.
 * @param path of the database that stays in use
 * @param source of the other one, which is not changed
 * @throws what SQLite throws, such as for a full disk or a damaged file; a sentence if there is no source
 */
export function mergeHistory(path: string, source: string, owner: UserKey): Merged {
  // Opening a missing file would create an empty history, with nothing to merge.
  if (!existsSync(source)) throw new Error(`${source} is not there any more. Nothing was merged.`);
  for (const each of [path, source]) finishRemovals(each, owner);
  const database = openDatabase(path, historyMigrations, { checked: false, forgets: true });
  try {
    database.prepare("ATTACH DATABASE ? AS source").run(source);
    database.exec(
      "CREATE TEMP TABLE placed (mine INTEGER, id INTEGER, seq INTEGER, PRIMARY KEY (mine, id)) WITHOUT ROWID",
    );
    database.exec("CREATE TEMP TABLE arrived (place INTEGER PRIMARY KEY, source INTEGER UNIQUE, id INTEGER)");
    const statements = new Statements(database);
    const merged = transact(database, () => mergeAll(statements));
    database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    return merged;
  } finally {
    database.close();
  }
}

function mergeAll(statements: Statements): Merged {
  statements.of("PRAGMA defer_foreign_keys = ON").run();
  const messages = numberArrivals(statements);
  const index = new SearchIndex(statements);
  for (const conversation of conversationsIn(statements)) mergeConversation(statements, conversation);
  noteUnindexed(statements);
  mergeMessages(statements, index);
  const changes = insertChanges(statements);
  mergeReactions(statements, index);
  mergeOutbox(statements, changes.after);
  mergeDrafts(statements);
  statements.of("INSERT OR IGNORE INTO main.forgotten SELECT origin FROM source.forgotten").run();
  return { messages, acts: changes.count };
}

/** Assigns the ids of new messages, below all existing ones, because merged messages are mostly older. */
function numberArrivals(statements: Statements): number {
  statements
    .of(
      `INSERT INTO temp.arrived (source) SELECT id FROM source.event AS theirs WHERE seq > 0 AND NOT EXISTS
        (SELECT 1 FROM main.event AS ours WHERE ours.sender = theirs.sender AND ours.mid = theirs.mid) ORDER BY id`,
    )
    .run();
  const count = numberOf(statements.of("SELECT count(*) AS count FROM temp.arrived").get(), "count");
  const first = statements.of("SELECT min(id) AS id FROM main.event").get();
  const base = first?.["id"] === null ? 0 : numberOf(first, "id") - count - 1;
  statements.of("UPDATE temp.arrived SET id = ? + place").run(base);
  return count;
}

function conversationsIn(statements: Statements): ConversationId[] {
  const rows = statements.of("SELECT id FROM source.conversation").all();
  return rows.flatMap((row) => readConversation(row, "id") ?? []);
}

function mergeConversation(statements: Statements, conversation: ConversationId): void {
  const added = statements
    .of(
      `INSERT INTO main.conversation SELECT * FROM source.conversation WHERE id = ? ON CONFLICT (id) DO UPDATE
        SET name = excluded.name, blocked = excluded.blocked, muted = excluded.muted, read_seq = excluded.read_seq,
          told_seq = excluded.told_seq, contact = excluded.contact WHERE conversation.contact = 0`,
    )
    .run(conversation);
  if (Number(added.changes) === 0) {
    statements
      .of(
        `UPDATE main.conversation SET blocked = max(conversation.blocked, theirs.blocked)
          FROM source.conversation AS theirs WHERE conversation.id = ? AND theirs.id = conversation.id`,
      )
      .run(conversation);
  }
  const marks = (schema: "main" | "source"): number =>
    numberOf(statements.of(`SELECT read_seq FROM ${schema}.conversation WHERE id = ?`).get(conversation), "read_seq");
  const told = statements
    .of("SELECT told_seq >= read_seq AS all_told FROM main.conversation WHERE id = ?")
    .get(conversation);
  const readSeq = placeMessages(statements, conversation, { main: marks("main"), source: marks("source") });
  moveOwn(statements, conversation);
  insertArrivals(statements);
  // If all read marks have been sent, this stays so; otherwise they are sent when the person reads the next time.
  const readMarkSentSeq = numberOf(told, "all_told") === 1 ? readSeq : 0;
  statements
    .of("UPDATE main.conversation SET read_seq = ?, told_seq = ? WHERE id = ?")
    .run(readSeq, readMarkSentSeq, conversation);
}

/** Moves existing messages to their new positions, through positions that no event has. */
function moveOwn(statements: Statements, conversation: ConversationId): void {
  statements
    .of(
      `UPDATE main.event SET seq = ${aside} - placed.seq FROM temp.placed
        WHERE mine = 1 AND placed.id = event.id AND placed.seq <> event.seq`,
    )
    .run();
  statements
    .of(`UPDATE main.event SET seq = ${aside} - seq WHERE conversation = ? AND seq < ${aside}`)
    .run(conversation);
}

function insertArrivals(statements: Statements): void {
  statements
    .of(
      `INSERT INTO main.event (id, conversation, seq, sender, mid, author, own, kind, target, body, sent_at_ms, state,
          failure_code, failure_reason, edited, deleted, via)
        SELECT arrived.id, conversation, placed.seq, sender, mid, author, own, kind, target, body, sent_at_ms, state,
          failure_code, failure_reason, edited, deleted, via
        FROM temp.placed JOIN source.event AS theirs ON theirs.id = placed.id
          JOIN temp.arrived ON arrived.source = theirs.id
        WHERE placed.mine = 0`,
    )
    .run();
}

/** Marks the new messages as not indexed yet, as in a file that is older than the index. */
function noteUnindexed(statements: Statements): void {
  statements
    .of(
      `UPDATE main.upkeep SET unindexed_through = max(coalesce(unindexed_through, newest), newest)
        FROM (SELECT max(id) AS newest FROM temp.arrived) WHERE newest IS NOT NULL`,
    )
    .run();
}

/** Brings the source to the current version; conversations to be deleted are not merged. */
function finishRemovals(path: string, owner: UserKey): void {
  const database = openDatabase(path, historyMigrations, { checked: false, forgets: true });
  try {
    new History(database, owner);
    const statements = new Statements(database);
    const removal = new Removal(statements, new SearchIndex(statements));
    const pending = statements.of("SELECT conversation FROM purge").all();
    if (pending.length > 0) removeBackups(path);
    for (const row of pending) while (transact(database, () => removal.purgeStep(conversationOf(row, "conversation"))));
  } finally {
    database.close();
  }
}
