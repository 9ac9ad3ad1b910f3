// The parts of a merge other than new messages: the state of existing messages, changes, the outbox and drafts. Both
// histories are attached, as `main` and `source`; `temp.arrived` has the new messages.

import { conversationOf, numberOf, textOf } from "../read-rows.ts";
import type { Row } from "../read-rows.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { Statements } from "../statements.ts";

const sameEvent = "ours.sender = theirs.sender AND ours.mid = theirs.mid";
const lastEdit = (schema: "main" | "source"): string =>
  `coalesce((SELECT max(edit.sent_at_ms) FROM ${schema}.event AS edit WHERE edit.conversation = ours.conversation
    AND edit.target = ours.mid AND edit.seq < 0 AND edit.sender = ours.sender AND edit.kind = 'edit'), 0)`;

/**
 * Merges messages that both histories have: a deletion wins, then the later edit, and the furthest delivery state. Must run
 * before changes are inserted.
 */
export function mergeMessages(statements: Statements, index: SearchIndex): void {
  const changed = statements.of(
    `SELECT ours.id, ours.conversation, ours.body, theirs.body AS now, theirs.deleted FROM source.event AS theirs
        JOIN main.event AS ours ON ${sameEvent}
      WHERE ours.seq > 0 AND theirs.seq > 0 AND ours.deleted = 0
        AND (theirs.deleted = 1 OR (theirs.edited = 1 AND theirs.body <> ours.body
          AND (ours.edited = 0 OR ${lastEdit("source")} > ${lastEdit("main")})))`,
  );
  const rows: Row[] = changed.all();
  for (const row of rows) {
    const id = numberOf(row, "id");
    const deleted = numberOf(row, "deleted");
    const text = deleted === 1 ? "" : textOf(row, "now");
    statements.of("UPDATE main.event SET body = ?, edited = 1, deleted = ? WHERE id = ?").run(text, deleted, id);
    index.change(id, conversationOf(row, "conversation"), textOf(row, "body"), text);
    if (deleted === 1) statements.of("DELETE FROM main.reaction WHERE event = ?").run(id);
  }
  for (const [state, before] of [
    ["delivered", "'queued'"],
    ["read", "'queued', 'delivered'"],
  ]) {
    statements
      .of(
        `UPDATE main.event AS ours SET state = ? FROM source.event AS theirs
          WHERE ${sameEvent} AND ours.own = 1 AND ours.state IN (${before}) AND theirs.state = ?`,
      )
      .run(state ?? "", state ?? "");
  }
}

/**
 * Inserts the changes of merged conversations after all existing ones.
 * @returns how many there are; each has an `id` above `after`
 */
export function insertChanges(statements: Statements): { readonly count: number; readonly after: number } {
  const last = statements.of("SELECT max(0, coalesce(max(id), 0)) AS last FROM main.event").get();
  const columns = "conversation, sender, mid, author, own, kind, target, body, sent_at_ms, state";
  const inserted = statements
    .of(
      `INSERT INTO main.event (id, seq, ${columns})
        SELECT CAST(? AS INTEGER) + place, -(CAST(? AS INTEGER) + place), ${columns} FROM
          (SELECT row_number() OVER (ORDER BY id) AS place, * FROM source.event AS theirs WHERE 0 > seq
            AND NOT EXISTS (SELECT 1 FROM main.event AS ours WHERE ${sameEvent})
            AND EXISTS (SELECT 1 FROM main.conversation WHERE conversation.id = theirs.conversation))`,
    )
    .run(last?.["last"] ?? 0n, last?.["last"] ?? 0n);
  return { count: Number(inserted.changes), after: numberOf(last, "last") };
}

/**
 * Merges reactions; runs after the changes. If one was added in one history and removed in the other, the later change
 * counts.
 */
export function mergeReactions(statements: Statements, index: SearchIndex): void {
  statements
    .of(
      `INSERT OR IGNORE INTO main.reaction (event, emoji, sender, author)
        SELECT ours.id, theirs_reaction.emoji, theirs_reaction.sender, theirs_reaction.author
        FROM source.reaction AS theirs_reaction JOIN source.event AS theirs ON theirs.id = theirs_reaction.event
          JOIN main.event AS ours ON ${sameEvent}
        WHERE ours.deleted = 0 ORDER BY theirs_reaction.position`,
    )
    .run();
  statements
    .of(
      `DELETE FROM main.reaction WHERE position IN (
        SELECT given.position FROM source.event AS theirs JOIN main.event AS ours ON ${sameEvent}
          JOIN main.reaction AS given ON given.event = ours.id
        WHERE (SELECT last.kind FROM main.event AS last WHERE last.conversation = ours.conversation
            AND last.target = ours.mid AND last.seq < 0 AND last.sender = given.sender AND last.body = given.emoji
            AND last.state NOT IN ('failed', 'pending')
          ORDER BY last.sent_at_ms DESC, last.id DESC LIMIT 1) = 'reactionRemoval')`,
    )
    .run();
  const pending = statements.of(
    `SELECT id, conversation, sender, author, kind, target, body FROM main.event WHERE 0 > seq AND state = 'pending'
      AND kind IN ('reaction', 'reactionRemoval', 'deletion') ORDER BY id`,
  );
  for (const change of pending.all()) applyPending(statements, index, change);
}

/** Applies a change that arrived before its message in the other history. */
function applyPending(statements: Statements, index: SearchIndex, change: Row): void {
  const isDeletion = change["kind"] === "deletion";
  const message = isDeletion
    ? statements
        .of(
          // The device that the deletion came from is not stored, so it counts as one that came through the server.
          `SELECT id, conversation, body, deleted FROM main.event
            WHERE sender = ? AND mid = ? AND conversation = ? AND seq > 0 AND via IS NULL`,
        )
        .get(textOf(change, "sender"), textOf(change, "target"), textOf(change, "conversation"))
    : statements
        .of("SELECT id, deleted FROM main.event WHERE conversation = ? AND mid = ? AND seq > 0 ORDER BY seq LIMIT 1")
        .get(textOf(change, "conversation"), textOf(change, "target"));
  if (!message) return;
  const id = numberOf(message, "id");
  if (change["kind"] === "reaction" && message["deleted"] === 0n) {
    statements
      .of("INSERT OR IGNORE INTO main.reaction (event, emoji, sender, author) VALUES (?, ?, ?, ?)")
      .run(id, textOf(change, "body"), textOf(change, "sender"), textOf(change, "author"));
  } else if (change["kind"] === "reactionRemoval") {
    statements
      .of("DELETE FROM main.reaction WHERE event = ? AND emoji = ? AND sender = ?")
      .run(id, textOf(change, "body"), textOf(change, "sender"));
  } else if (isDeletion) {
    index.change(id, conversationOf(message, "conversation"), textOf(message, "body"), "");
    statements.of("UPDATE main.event SET body = '', deleted = 1 WHERE id = ?").run(id);
    statements.of("DELETE FROM main.reaction WHERE event = ?").run(id);
  }
  statements.of("UPDATE main.event SET state = 'received' WHERE id = ?").run(change["id"] ?? null);
}

/** Adds the other outbox after the existing one, in its order. @param after new changes have an `id` above it */
export function mergeOutbox(statements: Statements, after: number): void {
  statements
    .of(
      `INSERT OR IGNORE INTO main.outbox (event)
        SELECT ours.id FROM source.outbox AS waiting JOIN source.event AS theirs ON theirs.id = waiting.event
          JOIN main.event AS ours ON ${sameEvent}
        WHERE EXISTS (SELECT 1 FROM temp.arrived WHERE arrived.source = theirs.id AND arrived.id = ours.id)
          OR (ours.seq < 0 AND ours.id > ? AND ours.state = 'sending')
        ORDER BY waiting.position`,
    )
    .run(after);
}

/** Joins the drafts of both histories, one below the other. */
export function mergeDrafts(statements: Statements): void {
  for (const row of statements.of("SELECT conversation, text FROM source.draft WHERE text <> ''").all()) {
    const conversation = textOf(row, "conversation");
    const ours = statements.of("SELECT text, revision FROM main.draft WHERE conversation = ?").get(conversation);
    const before = ours ? textOf(ours, "text") : "";
    const theirs = textOf(row, "text");
    if (before.includes(theirs)) continue;
    statements
      .of("INSERT OR REPLACE INTO main.draft (conversation, text, revision) VALUES (?, ?, ?)")
      .run(conversation, before === "" ? theirs : `${before}\n${theirs}`, numberOf(ours, "revision") + 1);
  }
}
