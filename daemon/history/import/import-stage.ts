// Reads the lines of an exported history. They go into a separate database of the same schema first, so that an invalid file
// changes nothing. Its contents are merged into the history (merge.ts) after the last line.

import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase, transact } from "../../../base/sqlite.ts";
import { ArchiveCount, cutOff, readArchiveEvent } from "../../../protocol/api/archive-lines.ts";
import type { ArchiveEvent } from "../../../protocol/api/archive-lines.ts";
import { isEveryone, personIn } from "../../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { reactionOf } from "../../../protocol/text/emoji-key.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { addChange } from "../event-store.ts";
import { numberOf } from "../read-rows.ts";
import { historyMigrations } from "../schema.ts";
import { Statements } from "../statements.ts";

type MessageEvent = Extract<ArchiveEvent, { event: "message" }>;
type ChangeEvent = Extract<ArchiveEvent, { event: "edit" | "deletion" | "reaction" }>;

/** Whose messages are the person's own. */
export interface ImportOwner {
  /** The name with which they are signed in here. */
  readonly user: string;
  /** The name of the file's account; it differs if the file is adopted. */
  readonly inFile: string;
}

/** The number of the line after the header. */
export const firstLine = 2;
const neverSent = "It was not sent before the history was exported. Retry sends it.";

export const lostStage =
  "What was read of the file so far is not there any more. Nothing was imported. Import the file again.";

/** Creates the database for an import. @param path of a file that must not exist @throws a sentence if it does */
export function createStage(path: string): DatabaseSync {
  if (existsSync(path)) throw new Error(lostStage);
  const database = openDatabase(path, historyMigrations, { checked: false });
  // If the machine stops, the import has to be started again anyway.
  database.exec("PRAGMA synchronous = OFF");
  return database;
}

export class ImportStage {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #owner: ImportOwner;
  readonly #seqs = new Map<ConversationId, number>();
  readonly #count = new ArchiveCount();
  readonly #firstUnread = new Map<ConversationId, number>();

  /** Creates a stage. @param database an empty history of the current version */
  constructor(database: DatabaseSync, owner: ImportOwner) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#owner = owner;
  }

  /** Adds lines. @param number of the first line @returns why a line is invalid; then nothing more may be added */
  add(lines: readonly string[], number: number): string | undefined {
    return transact(this.#database, () => {
      for (const [at, line] of lines.entries()) {
        const event = line.trim() === "" ? undefined : readArchiveEvent(line, number + at);
        const wrong = typeof event === "string" ? event : event && this.#put(event, number + at);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    });
  }

  /** Ends the import after its last line. @returns why the file is incomplete; then it must not be merged */
  finish(): string | undefined {
    transact(this.#database, () => {
      for (const [conversation, last] of this.#seqs) {
        const read = (this.#firstUnread.get(conversation) ?? last + 1) - 1;
        this.#statements
          .of("UPDATE conversation SET read_seq = ?, told_seq = ? WHERE id = ?")
          .run(read, read, conversation);
      }
    });
    this.#statements.clear();
    this.#database.close();
    return this.#count.isWhole ? undefined : cutOff;
  }

  #put(event: ArchiveEvent, number: number): string | undefined {
    const wrong = this.#count.take(event, number);
    if (wrong !== undefined) return wrong;
    switch (event.event) {
      case "end":
        return undefined;
      case "conversation":
        this.#putConversation(event);
        return undefined;
      case "message":
        return this.#putMessage(event, number);
      default:
        return this.#putChange(event, number);
    }
  }

  #putConversation({ conversation, name, muted, blocked }: Extract<ArchiveEvent, { event: "conversation" }>): void {
    this.#statements
      .of(
        `INSERT INTO conversation (id, name, blocked, muted, read_seq, told_seq) VALUES (?, ?, ?, ?, 0, 0)
          ON CONFLICT (id) DO UPDATE SET contact = 1, name = excluded.name, blocked = excluded.blocked, muted = excluded.muted`,
      )
      .run(conversation, name ?? personIn(conversation) ?? "", Number(blocked === true), Number(muted === true));
  }

  #putMessage(event: MessageEvent, number: number): string | undefined {
    const { conversation, mid, at, text, replyTo, edited, deleted, unread, via } = event;
    const author = this.#authorOf(event);
    const wrong = this.#misplaced(conversation, event.from, author.own, number);
    if (wrong !== undefined) return wrong;
    this.#ensureConversation(conversation, author.own ? undefined : author.name);
    const seq = (this.#seqs.get(conversation) ?? 0) + 1;
    const added = this.#statements
      .of(
        `INSERT OR IGNORE INTO event (conversation, seq, sender, mid, author, own, body, sent_at_ms, state, failure_code,
          failure_reason, kind, target, edited, deleted, via) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[conversation, seq, author.key, mid, author.name, Number(author.own), text, at],
        ...stateOf(event, author.own),
        ...[replyTo === undefined ? "text" : "reply", replyTo ?? null],
        ...[Number(edited === true), Number(deleted === true), via ?? null],
      );
    if (Number(added.changes) === 0) return undefined;
    this.#seqs.set(conversation, seq);
    if (unread === true && !author.own && !this.#firstUnread.has(conversation))
      this.#firstUnread.set(conversation, seq);
    return undefined;
  }

  #putChange(event: ChangeEvent, number: number): string | undefined {
    const { conversation, mid, of, at, failed, waiting } = event;
    const author = this.#authorOf(event);
    const wrong = this.#misplaced(conversation, event.from, author.own, number);
    if (wrong !== undefined) return wrong;
    const emoji = event.event === "reaction" ? reactionOf(event.emoji) : "";
    if (emoji === undefined) return `Line ${number}: emoji is none.`;
    const kind = event.event !== "reaction" ? event.event : event.on ? "reaction" : "reactionRemoval";
    const state = author.own ? (failed === true ? "failed" : "delivered") : waiting === true ? "pending" : "received";
    const by = { from: author.name, sender: author.key, own: author.own };
    const change = { ...by, conversation, mid, kind, target: of, body: emoji, sentAtMs: at, state } as const;
    const isNew = addChange(this.#statements, change, true);
    if (isNew && failed !== true && waiting !== true && emoji !== "") this.#react(change, kind === "reaction");
    return undefined;
  }

  #react(
    change: { conversation: ConversationId; target: string; body: string; from: string; sender: string },
    on: boolean,
  ) {
    const { conversation, target, body: emoji, from, sender } = change;
    const message = this.#statements
      .of("SELECT id FROM event WHERE conversation = ? AND mid = ? AND seq > 0 AND deleted = 0 ORDER BY seq LIMIT 1")
      .get(conversation, target);
    if (!message) return;
    const statement = on
      ? "INSERT OR IGNORE INTO reaction (event, emoji, sender, author) VALUES (?, ?, ?, ?)"
      : "DELETE FROM reaction WHERE event = ? AND emoji = ? AND sender = ?";
    this.#statements.of(statement).run(numberOf(message, "id"), emoji, sender, ...(on ? [from] : []));
  }

  #authorOf({ from }: { from: string }): { name: string; key: string; own: boolean } {
    const { user, inFile } = this.#owner;
    if (keyOfName(from) === keyOfName(inFile)) return { name: user, key: keyOfName(user), own: true };
    return { name: from, key: keyOfName(from), own: false };
  }

  /** Returns an error if somebody else is the author of a message in a conversation of two. */
  #misplaced(conversation: ConversationId, from: string, own: boolean, number: number): string | undefined {
    if (!own && keyOfName(from) === keyOfName(this.#owner.user)) {
      return `Line ${number}: ${from} is somebody else in this file, and you here.`;
    }
    if (own || isEveryone(conversation) || personIn(conversation) === keyOfName(from)) return undefined;
    return `Line ${number}: ${from} has no part in the conversation ${conversation}.`;
  }

  #ensureConversation(conversation: ConversationId, name: string | undefined): void {
    this.#statements
      .of(
        `INSERT INTO conversation (id, name, blocked, muted, read_seq, told_seq) VALUES (?, ?, 0, 0, 0, 0)
          ON CONFLICT (id) DO UPDATE SET contact = 1, name = excluded.name WHERE contact = 0`,
      )
      .run(conversation, isEveryone(conversation) ? "" : (name ?? personIn(conversation) ?? ""));
  }
}

/**
 * Returns the state, and the code and reason of a failure. An import sends nothing: the person decides about unsent
 * messages.
 */
function stateOf({ state, failure }: MessageEvent, own: boolean): [string, string | null, string | null] {
  if (!own) return ["received", null, null];
  if (state === "sending") return ["failed", "unavailable", neverSent];
  if (state === "failed") return ["failed", failure?.code ?? "internal", failure?.reason ?? ""];
  return [state ?? "delivered", null, null];
}
