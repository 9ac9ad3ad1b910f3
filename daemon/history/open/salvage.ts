// Recovers the messages that were not sent yet from a damaged history: the readable messages of its outbox go into the new
// one and are sent from there. Everything else stays in the file that was set aside. A file that was damaged before an
// update has the tables of the older version.

import { nameInId } from "../../../protocol/conversations/conversation-id.ts";
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../base/sqlite.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent } from "../../../protocol/conversations/event.ts";
import type { Write } from "../../core/effects.ts";
import { History } from "../history.ts";
import type { HistoryFile } from "./history-file.ts";
import { eventColumns, messageOfRow, numberOf, textOf } from "../read-rows.ts";
import type { Row } from "../read-rows.ts";
import { historyMigrations } from "../schema.ts";
import { Statements } from "../statements.ts";
import { isPassing } from "./storage-errors.ts";

/**
 * Creates a new history, which is complete on disk when it returns.
 * @param damaged the damaged file; it is only read
 * @param file where the new one is created
 * @throws an error of SQLite that is not caused by the damage: the unsent messages may still be readable later
 */
export function beginWithUnsent(damaged: string, file: HistoryFile): void {
  const messages = unsentIn(damaged);
  const database = openDatabase(file.path, historyMigrations, { checked: false, forgets: true });
  const history = new History(database, file.owner);
  try {
    history.commit(writesOf(messages));
  } finally {
    history.dispose();
  }
}

interface Unsent {
  readonly name: string;
  readonly message: ChatMessage;
}

/** Returns the unsent messages in the order of sending; none if the file cannot be read at all. */
function unsentIn(path: string): Unsent[] {
  if (!existsSync(path)) return [];
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const statements = new Statements(database);
    const tables = tablesOf(statements);
    return entriesIn(statements, tables).flatMap((entry) => unsentOf(statements, tables, entry) ?? []);
  } catch (error) {
    if (isPassing(error)) throw error;
    return [];
  } finally {
    database?.close();
  }
}

/** How unsent messages are read from the tables of a version. */
interface Tables {
  readonly entries: string;
  /** Parameters: the values of one entry. */
  readonly message: string;
}

const present: Tables = {
  entries: "SELECT event FROM outbox ORDER BY position",
  message: `SELECT ${eventColumns} FROM event WHERE id = ?`,
};
/** Up to version 5. */
const former: Tables = {
  entries: "SELECT conversation, seq FROM outbox ORDER BY position",
  message: `SELECT conversation, seq, mid, author, own, answers AS target, text AS body, sent_at_ms, state, failure_code,
      failure_reason, edited, deleted, via FROM message WHERE conversation = ? AND seq = ?`,
};
const lastFormerVersion = 5;

function tablesOf(statements: Statements): Tables {
  const version = numberOf(statements.of("PRAGMA user_version").get(), "user_version");
  return version <= lastFormerVersion ? former : present;
}

/** Reads the entries one by one: an unreadable page loses only its own rows. */
function entriesIn(statements: Statements, { entries: select }: Tables): Row[] {
  const entries: Row[] = [];
  try {
    for (const row of statements.of(select).iterate()) entries.push(row);
  } catch (error) {
    // What has been read so far is all that can be recovered.
    if (isPassing(error)) throw error;
  }
  return entries;
}

function unsentOf(statements: Statements, { message: select }: Tables, place: Row): Unsent | undefined {
  try {
    const row = statements.of(select).get(...Object.values(place));
    const target = row && textOf(row, "target");
    const message = row && messageOfRow(row, target ? { quote: { mid: target, text: "" } } : {});
    if (!message?.own || message.deleted === true) return undefined;
    return { message, name: nameOf(statements, message.conversation) };
  } catch (error) {
    if (isPassing(error)) throw error;
    return undefined;
  }
}

function nameOf(statements: Statements, conversation: ConversationId): string {
  try {
    const row = statements.of("SELECT name FROM conversation WHERE id = ?").get(conversation);
    return row ? textOf(row, "name") : nameInId(conversation);
  } catch {
    return nameInId(conversation);
  }
}

function writesOf(unsent: readonly Unsent[]): Write[] {
  const seqs = new Map<ConversationId, number>();
  return unsent.flatMap(({ name, message }): Write[] => {
    const { conversation, mid } = message;
    const seq = (seqs.get(conversation) ?? 0) + 1;
    seqs.set(conversation, seq);
    const flags = { blocked: false, muted: false, readSeq: seq, readMarkSentSeq: seq };
    const waiting = { ...message, seq, state: "sending" } as const;
    return [
      { kind: "contact", conversation, name, ...flags },
      { kind: "event", event: eventOf(waiting), message: waiting },
      { kind: "outbox", conversation, mid, present: true },
    ];
  });
}

function eventOf({ conversation, mid, from, quote, text: body, sentAtMs, state }: ChatMessage): ConversationEvent {
  const about = quote ? ({ kind: "reply", target: quote.mid } as const) : ({ kind: "text" } as const);
  return { conversation, mid, from, ...about, body, sentAtMs, state };
}
