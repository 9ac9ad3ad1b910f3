// The parts of a merge beside the messages themselves: what was done to them, what waits in the outbox, and the drafts. Both
// histories are there, as `main` and `source`; `temp.arrived` has the new messages.

import { conversationOf, numberOf, textOf } from "../read-rows.ts";
import type { Row } from "../read-rows.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { Statements } from "../statements.ts";

const sameMessage = "ours.sender = theirs.sender AND ours.mid = theirs.mid";
const lastEdit = (schema: "main" | "source"): string =>
  `coalesce((SELECT max(act.sent_at_ms) FROM ${schema}.act WHERE act.conversation = ours.conversation
    AND act.target = ours.mid AND act.sender = ours.sender AND act.kind = 'edit'), 0)`;

/** Of a message that both have: taken back wins, then the later edit; and how far it got. Before the acts are merged. */
export function mergeChanges(statements: Statements, index: SearchIndex): void {
  const changed = statements.of(
    `SELECT ours.id, ours.conversation, ours.text, theirs.text AS now, theirs.deleted FROM source.message AS theirs
        JOIN main.message AS ours ON ${sameMessage}
      WHERE ours.deleted = 0 AND (theirs.deleted = 1 OR (theirs.edited = 1 AND theirs.text <> ours.text
        AND (ours.edited = 0 OR ${lastEdit("source")} > ${lastEdit("main")})))`,
  );
  const rows: Row[] = changed.all();
  for (const row of rows) {
    const id = numberOf(row, "id");
    const deleted = numberOf(row, "deleted");
    const text = deleted === 1 ? "" : textOf(row, "now");
    statements.of("UPDATE main.message SET text = ?, edited = 1, deleted = ? WHERE id = ?").run(text, deleted, id);
    index.change(id, conversationOf(row, "conversation"), textOf(row, "text"), text);
    if (deleted === 1) statements.of("DELETE FROM main.reaction WHERE message = ?").run(id);
  }
  for (const [state, before] of [
    ["delivered", "'queued'"],
    ["read", "'queued', 'delivered'"],
  ]) {
    statements
      .of(
        `UPDATE main.message AS ours SET state = ? FROM source.message AS theirs
          WHERE ${sameMessage} AND ours.own = 1 AND ours.state IN (${before}) AND theirs.state = ?`,
      )
      .run(state ?? "", state ?? "");
  }
}

/** @returns the position of the last act before */
export function mergeActs(statements: Statements): number {
  const last = numberOf(statements.of("SELECT max(position) AS last FROM main.act").get(), "last");
  const columns = "sender, mid, author, conversation, kind, target, emoji, sent_at_ms, state";
  statements
    .of(
      `INSERT INTO main.act (${columns}) SELECT ${columns} FROM source.act AS theirs
        WHERE NOT EXISTS (SELECT 1 FROM main.act AS ours WHERE ${sameMessage}) ORDER BY position`,
    )
    .run();
  return last;
}

/** After the acts: of a reaction that was given and taken back in two histories the later act counts. */
export function mergeReactions(statements: Statements, index: SearchIndex): void {
  statements
    .of(
      `INSERT OR IGNORE INTO main.reaction (message, emoji, sender, author)
        SELECT ours.id, theirs_reaction.emoji, theirs_reaction.sender, theirs_reaction.author
        FROM source.reaction AS theirs_reaction JOIN source.message AS theirs ON theirs.id = theirs_reaction.message
          JOIN main.message AS ours ON ${sameMessage}
        WHERE ours.deleted = 0 ORDER BY theirs_reaction.position`,
    )
    .run();
  statements
    .of(
      `DELETE FROM main.reaction WHERE position IN (
        SELECT given.position FROM source.message AS theirs JOIN main.message AS ours ON ${sameMessage}
          JOIN main.reaction AS given ON given.message = ours.id
        WHERE (SELECT kind FROM main.act WHERE act.conversation = ours.conversation AND act.target = ours.mid
            AND act.sender = given.sender AND act.emoji = given.emoji AND act.state NOT IN ('failed', 'pending')
          ORDER BY sent_at_ms DESC, act.position DESC LIMIT 1) = 'unreact')`,
    )
    .run();
  const pending = statements.of(
    "SELECT * FROM main.act WHERE state = 'pending' AND kind IN ('react', 'unreact', 'delete') ORDER BY position",
  );
  for (const act of pending.all()) applyPending(statements, index, act);
}

/** It came before its message, in the other history. */
function applyPending(statements: Statements, index: SearchIndex, act: Row): void {
  const isDeletion = act["kind"] === "delete";
  const message = isDeletion
    ? statements
        .of("SELECT id, conversation, text, deleted FROM main.message WHERE sender = ? AND mid = ?")
        .get(textOf(act, "sender"), textOf(act, "target"))
    : statements
        .of("SELECT id, deleted FROM main.message WHERE conversation = ? AND mid = ? ORDER BY seq LIMIT 1")
        .get(textOf(act, "conversation"), textOf(act, "target"));
  if (!message) return;
  const id = numberOf(message, "id");
  if (act["kind"] === "react" && message["deleted"] === 0n) {
    statements
      .of("INSERT OR IGNORE INTO main.reaction (message, emoji, sender, author) VALUES (?, ?, ?, ?)")
      .run(id, textOf(act, "emoji"), textOf(act, "sender"), textOf(act, "author"));
  } else if (act["kind"] === "unreact") {
    statements
      .of("DELETE FROM main.reaction WHERE message = ? AND emoji = ? AND sender = ?")
      .run(id, textOf(act, "emoji"), textOf(act, "sender"));
  } else if (isDeletion) {
    index.change(id, conversationOf(message, "conversation"), textOf(message, "text"), "");
    statements.of("UPDATE main.message SET text = '', deleted = 1 WHERE id = ?").run(id);
    statements.of("DELETE FROM main.reaction WHERE message = ?").run(id);
  }
  statements.of("UPDATE main.act SET state = 'done' WHERE position = ?").run(act["position"] ?? null);
}

/** What waited there waits here, behind what waits already, in its order. */
export function mergeOutbox(statements: Statements, lastAct: number): void {
  statements
    .of(
      `INSERT INTO main.outbox (conversation, seq, mid)
        SELECT waiting.conversation, ours.seq, waiting.mid FROM source.outbox AS waiting
          LEFT JOIN source.message AS theirs ON theirs.conversation = waiting.conversation AND theirs.seq = waiting.seq
          LEFT JOIN temp.arrived ON arrived.source = theirs.id
          LEFT JOIN main.message AS ours ON ours.id = arrived.id
        WHERE ours.seq IS NOT NULL OR (waiting.seq IS NULL AND EXISTS (SELECT 1 FROM main.act
          WHERE act.position > ? AND act.conversation = waiting.conversation AND act.mid = waiting.mid
            AND act.state = 'sending'))
        ORDER BY waiting.position`,
    )
    .run(lastAct);
}

/** What is being written in both stands one below the other. */
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
