// A damaged history gives back what was not sent yet: the messages of its outbox that can be read are in the new one, and go
// on their way from there. Everything else stays in the file that was set aside. A file that was damaged before an update
// has the tables of the version before.

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
 * Makes a new history, whole on the disk when it returns.
 * @param damaged the damaged file; it is only read
 * @param file where the new one is to be
 * @throws what SQLite says, if that is not the damage: what was not sent may be there still
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

/** In the order in which they were sent. A file of which nothing can be read has none. */
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

/** How what was not sent is read from the tables of a version. */
interface Tables {
  readonly entries: string;
  /** By the values of such an entry. */
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

/** One by one: a page that cannot be read takes only the rows in it away. */
function entriesIn(statements: Statements, { entries: select }: Tables): Row[] {
  const entries: Row[] = [];
  try {
    for (const row of statements.of(select).iterate()) entries.push(row);
  } catch (error) {
    // What was read so far is what there is.
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
    const flags = { blocked: false, muted: false, readSeq: seq, toldSeq: seq };
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
