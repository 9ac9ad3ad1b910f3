// A damaged history gives back what was not sent yet: whatever rows of its outbox can be read are in the new one, and go on
// their way from there. Everything else stays in the file that was set aside.

import { nameInId } from "../../../protocol/conversations/conversation-id.ts";
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../base/sqlite.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { noSeq } from "../../core/acts.ts";
import type { OutboxEntry } from "../../core/outbox.ts";
import type { Write } from "../../core/effects.ts";
import { History } from "../history.ts";
import type { HistoryFile } from "./history-file.ts";
import { messageColumns, messageOfRow, numberOf, readConversation, textOf } from "../read-rows.ts";
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
    return entriesIn(statements).flatMap((entry) => unsentOf(statements, entry) ?? []);
  } catch (error) {
    if (isPassing(error)) throw error;
    return [];
  } finally {
    database?.close();
  }
}

/** One by one: a page that cannot be read takes only the rows in it away. */
function entriesIn(statements: Statements): Row[] {
  const entries: Row[] = [];
  const next = statements.of(
    "SELECT position, conversation, seq, mid FROM outbox WHERE position > ? ORDER BY position",
  );
  try {
    for (const row of next.iterate(0)) entries.push(row);
  } catch (error) {
    // What was read so far is what there is.
    if (isPassing(error)) throw error;
  }
  return entries;
}

function unsentOf(statements: Statements, entry: Row): Unsent | undefined {
  const conversation = readConversation(entry, "conversation");
  if (!conversation || numberOf(entry, "seq") === noSeq) return undefined;
  try {
    const row = statements
      .of(`SELECT ${messageColumns} FROM message WHERE conversation = ? AND seq = ?`)
      .get(conversation, numberOf(entry, "seq"));
    const answers = row && textOf(row, "answers");
    const message = row && messageOfRow(row, answers ? { quote: { mid: answers, text: "" } } : {});
    if (!message?.own || message.deleted === true) return undefined;
    return { message, name: nameOf(statements, conversation) };
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
    const entry: OutboxEntry = { seq, mid };
    return [
      { kind: "contact", conversation, name, ...flags },
      { kind: "message", message: { ...message, seq, state: "sending" } },
      { kind: "outbox", conversation, ...entry, present: true },
    ];
  });
}
