// The queries of the core and the views on a history. Each is answered at once by an index, however long the history is.
// Nothing here writes.

import type { DatabaseSync } from "node:sqlite";
import type { UserKey } from "../../protocol/ids.ts";
import { keyOfName } from "../../protocol/names.ts";
import { limits } from "../../protocol/limits.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent } from "../../protocol/conversations/event.ts";
import type { OutboxEntry } from "../core/outbox.ts";
import type { HistoryQueries, OwnEvent } from "../core/ports.ts";
import { isForgotten } from "./upkeep/forgotten.ts";
import { EventReader } from "./event-reader.ts";
import type { Page } from "./event-reader.ts";
import { QueuedEvents } from "./queued-events.ts";
import { Purges } from "./upkeep/purges.ts";
import { countReceivedAfter } from "./received-counts.ts";
import { SearchIndex } from "./search/search-index.ts";
import { Statements } from "./statements.ts";

/** How many replies are updated when the message that they quote has changed. */
const maxReplies = 100;

export class HistoryReader implements HistoryQueries {
  protected readonly statements: Statements;
  protected readonly index: SearchIndex;
  protected readonly purges: Purges;
  protected readonly reader: EventReader;
  readonly #database: DatabaseSync;
  readonly #queued: QueuedEvents;
  readonly #owner: UserKey;

  /** Creates the queries. @param database of the current version @param owner whose history it is */
  constructor(database: DatabaseSync, owner: UserKey) {
    this.#database = database;
    this.#owner = owner;
    this.statements = new Statements(database);
    this.index = new SearchIndex(this.statements);
    this.purges = new Purges(this.statements);
    this.reader = new EventReader(this.statements, this.purges);
    this.#queued = new QueuedEvents(this.statements, this.purges);
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** Returns the newest `limit` messages before position `before`, or the newest of all. */
  page(conversation: ConversationId, before: number | undefined, limit: number): Page {
    return this.reader.page(conversation, before, limit);
  }

  isKnown(sender: UserKey, mid: string): boolean {
    const known = this.statements.of("SELECT 1 FROM event WHERE sender = ? AND mid = ?").get(sender, mid);
    return known !== undefined || isForgotten(this.statements, sender, mid);
  }

  message(conversation: ConversationId, seq: number): ChatMessage | undefined {
    return this.reader.one("WHERE conversation = ? AND seq = ?", conversation, seq);
  }

  messageOf(conversation: ConversationId, sender: UserKey, mid: string): ChatMessage | undefined {
    return this.reader.one("WHERE sender = ? AND mid = ? AND conversation = ? AND seq > 0", sender, mid, conversation);
  }

  messageNamed(conversation: ConversationId, mid: string): ChatMessage | undefined {
    const where = "WHERE mid = ? AND conversation = ? AND seq > ? ORDER BY seq LIMIT 1";
    return this.reader.one(where, mid, conversation, this.purges.through(conversation));
  }

  /** Finds a message in any conversation. */
  messageAnywhere(sender: UserKey, mid: string): ChatMessage | undefined {
    return this.reader.one("WHERE sender = ? AND mid = ? AND seq > 0", sender, mid);
  }

  ownMessage(conversation: ConversationId, mid: string): ChatMessage | undefined {
    return this.messageOf(conversation, this.#owner, mid);
  }

  ownUnreadThrough(conversation: ConversationId, seq: number): ChatMessage[] {
    const where = `WHERE conversation = ? AND seq > 0 AND seq <= ? AND own = 1
      AND state IN ('sending', 'queued', 'delivered') ORDER BY seq`;
    return this.reader.read(where, conversation, seq);
  }

  /** Whether this person ever wrote there. */
  hasWritten(conversation: ConversationId): boolean {
    // `+seq` makes SQLite use the index of own events. By position it would scan the messages of others.
    const where = "WHERE conversation = ? AND own = 1 AND +seq > ? LIMIT 1";
    return this.reader.one(where, conversation, this.purges.through(conversation)) !== undefined;
  }

  repliesTo(conversation: ConversationId, mid: string): ChatMessage[] {
    const where = "WHERE target = ? AND conversation = ? AND seq > 0 ORDER BY seq DESC LIMIT ?";
    return this.reader.read(where, mid, conversation, maxReplies);
  }

  hasOther(conversation: ConversationId, seq: number): boolean {
    const where = "WHERE conversation = ? AND seq > ? AND seq <> ? AND (own = 0 OR state <> 'failed') LIMIT 1";
    return this.reader.one(where, conversation, this.purges.through(conversation), seq) !== undefined;
  }

  countReceivedAfter(conversation: ConversationId, seq: number): number {
    return countReceivedAfter(this.statements, conversation, Math.max(seq, this.purges.through(conversation)));
  }

  newestReceived(conversation: ConversationId, after: number, through: number, byServer = false) {
    const where = `WHERE conversation = ? AND seq > ? AND seq <= ? AND own = 0 AND deleted = 0
      ${byServer ? "AND via IS NULL" : ""} ORDER BY seq DESC LIMIT 1`;
    return this.reader.one(where, conversation, Math.max(after, this.purges.through(conversation)), through);
  }

  ownEvent(mid: string): OwnEvent | undefined {
    return this.reader.event("WHERE sender = ? AND mid = ?", this.#owner, mid);
  }

  ownReactionBeside({ from, conversation, target = "", body, mid }: ConversationEvent) {
    const where = `WHERE conversation = ? AND target = ? AND seq < 0 AND sender = ? AND body = ? AND mid <> ?
      AND kind IN ('reaction', 'reactionRemoval') AND state IN ('sending', 'queued', 'delivered') ORDER BY seq LIMIT 1`;
    const found = this.reader.event(where, conversation, target, keyOfName(from), body, mid);
    return found?.kind === "reaction" || found?.kind === "reactionRemoval" ? found.kind : undefined;
  }

  pendingEvents(conversation: ConversationId, target: string): ConversationEvent[] {
    return this.reader.pending(conversation, target);
  }

  queuedAtServer(conversation: ConversationId): OutboxEntry[] {
    return this.#queued.of(conversation, limits.maxMailboxMessages);
  }
}
