// Migrates a history to the current keys of names [P-3.1]: since version 1 keys use full case folding, so `user:straße` is
// `user:strasse`. Conversations that become one are merged in order of arrival. No message is lost: if two messages of one
// sender now have the same id, the later one gets another. All of it happens once, in one transaction.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../../base/sqlite.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { conversationWith, personIn } from "../../../protocol/conversations/conversation-id.ts";
import { aside, conversationOf, numberOf, textOf } from "../read-rows.ts";

const keyVersion = 1;

/** Migrates the keys. @returns whether any had to be changed */
export function takeNewKeys(database: DatabaseSync): boolean {
  if (numberOf(database.prepare("SELECT version FROM key_version").get(), "version") >= keyVersion) return false;
  transact(database, () => {
    database.exec("PRAGMA defer_foreign_keys = ON");
    for (const [target, conversations] of changedConversations(database)) {
      if (conversations.length > 1) merge(database, target, conversations);
      move(database, target, conversations);
    }
    takeSenders(database);
    for (const [before, key] of changedKeys(database, "SELECT DISTINCT sender FROM reaction")) {
      database.prepare("UPDATE OR IGNORE reaction SET sender = ? WHERE sender = ?").run(key, before);
      database.prepare("DELETE FROM reaction WHERE sender = ?").run(before);
    }
    database.prepare("UPDATE key_version SET version = ?").run(keyVersion);
  });
  return true;
}

/** Returns the former ids of each conversation by its new id, if at least one of them differs. */
function changedConversations(database: DatabaseSync): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  // If several become one, a conversation with a contact comes first, because the first row is kept.
  const everywhere = `SELECT id, max(contact) AS contact FROM
      (SELECT id, contact FROM conversation UNION ALL SELECT conversation, 0 FROM draft)
    GROUP BY id ORDER BY contact DESC, id`;
  for (const row of database.prepare(everywhere).all()) {
    const id = conversationOf(row, "id");
    const key = personIn(id);
    const target = key === undefined ? id : conversationWith(key);
    found.set(target, [...(found.get(target) ?? []), id]);
  }
  for (const [target, [id, ...more]] of found) if (id === target && more.length === 0) found.delete(target);
  return found;
}

/** Renumbers the messages of all these conversations together, and merges the rest of their data. */
function merge(database: DatabaseSync, target: string, conversations: readonly string[]): void {
  const places = conversations.map(() => "?").join(", ");
  const known = database
    .prepare(
      `SELECT id, name, blocked, muted, read_seq, told_seq FROM conversation WHERE contact <> 0 AND id IN (${places})`,
    )
    .all(...conversations);
  const read = new Map(known.map((row) => [textOf(row, "id"), numberOf(row, "read_seq")]));
  const told = new Map(known.map((row) => [textOf(row, "id"), numberOf(row, "told_seq")]));
  const messages = database
    .prepare(`SELECT id, conversation, seq, own FROM event WHERE conversation IN (${places}) AND seq > 0 ORDER BY id`)
    .all(...conversations);
  let [readSeq, readMarkSentSeq] = [messages.length, messages.length];
  // All messages move to temporary positions first, so that every new position is free.
  const renumber = database.prepare("UPDATE event SET seq = ? WHERE id = ?");
  for (const [at, row] of messages.entries()) {
    const [conversation, seq] = [textOf(row, "conversation"), numberOf(row, "seq")];
    // If in doubt, a message counts as unread.
    if (row["own"] === 0 && seq > (read.get(conversation) ?? 0)) readSeq = Math.min(readSeq, at);
    if (row["own"] === 0 && seq > (told.get(conversation) ?? 0)) readMarkSentSeq = Math.min(readMarkSentSeq, at);
    renumber.run(aside - 1 - at, numberOf(row, "id"));
  }
  database
    .prepare(`UPDATE event SET seq = ${aside} - seq WHERE conversation IN (${places}) AND seq < ${aside}`)
    .run(...conversations);
  const flag = (column: string, all: boolean): number =>
    Number(all ? known.every((row) => row[column] === 1) : known.some((row) => row[column] === 1));
  database
    .prepare("UPDATE conversation SET blocked = ?, muted = ?, read_seq = ?, told_seq = ? WHERE id IN (" + places + ")")
    .run(flag("blocked", false), flag("muted", true), readSeq, readMarkSentSeq, ...conversations);
  mergeDrafts(database, target, conversations);
}

/** Joins the drafts, one below the other. */
function mergeDrafts(database: DatabaseSync, target: string, conversations: readonly string[]): void {
  const drafts = conversations.flatMap((id) => {
    const row = database.prepare("SELECT text, revision FROM draft WHERE conversation = ?").get(id);
    return row ? [{ text: textOf(row, "text"), revision: numberOf(row, "revision") }] : [];
  });
  for (const id of conversations) database.prepare("DELETE FROM draft WHERE conversation = ?").run(id);
  if (drafts.length === 0) return;
  const text = drafts.flatMap((draft) => (draft.text === "" ? [] : [draft.text])).join("\n");
  const revision = Math.max(...drafts.map((draft) => draft.revision)) + 1;
  database.prepare("INSERT INTO draft (conversation, text, revision) VALUES (?, ?, ?)").run(target, text, revision);
}

function move(database: DatabaseSync, target: string, conversations: readonly string[]): void {
  for (const id of conversations) {
    if (id === target) continue;
    database.prepare("UPDATE OR IGNORE conversation SET id = ? WHERE id = ?").run(target, id);
    for (const table of ["event", "draft"]) {
      database.prepare(`UPDATE ${table} SET conversation = ? WHERE conversation = ?`).run(target, id);
    }
    database.prepare("DELETE FROM conversation WHERE id = ?").run(id);
  }
}

function takeSenders(database: DatabaseSync): void {
  for (const [before, key] of changedKeys(database, "SELECT DISTINCT sender FROM event")) {
    database
      .prepare(
        "UPDATE event SET mid = mid || '~' || id WHERE sender = ? AND mid IN (SELECT mid FROM event WHERE sender = ?)",
      )
      .run(before, key);
    database.prepare("UPDATE event SET sender = ? WHERE sender = ?").run(key, before);
  }
}

/** Returns the keys that have changed, each with its new key. */
function changedKeys(database: DatabaseSync, senders: string): readonly (readonly [string, string])[] {
  const keys = database
    .prepare(senders)
    .all()
    .map((row) => textOf(row, "sender"));
  return keys.map((key) => [key, keyOfName(key)] as const).filter(([before, key]) => before !== key);
}
