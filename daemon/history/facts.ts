// What the core and the views ask of a history, answered at once and by an index, however long it is. Nothing here writes.

import type { DatabaseSync } from "node:sqlite";
import type { UserKey } from "../../protocol/ids.ts";
import { limits } from "../../protocol/limits.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Act, ActKind } from "../core/acts.ts";
import type { OutboxEntry } from "../core/outbox.ts";
import type { HistoryQueries } from "../core/ports.ts";
import { ActStore } from "./act-store.ts";
import { isForgotten } from "./upkeep/forgotten.ts";
import { MessageReader } from "./message-reader.ts";
import type { Page } from "./message-reader.ts";
import { Messages } from "./messages.ts";
import { Purges } from "./upkeep/purges.ts";
import { countReceivedAfter } from "./received-counts.ts";
import { SearchIndex } from "./search/search-index.ts";
import { Statements } from "./statements.ts";

/** Messages that are shown again because the one that they answer has changed. */
const maxAnswers = 100;

export class HistoryReader implements HistoryQueries {
  protected readonly statements: Statements;
  protected readonly index: SearchIndex;
  protected readonly purges: Purges;
  protected readonly reader: MessageReader;
  protected readonly messages: Messages;
  protected readonly acts: ActStore;
  readonly #owner: UserKey;

  /** @param database of the present version @param owner whose history it is */
  constructor(database: DatabaseSync, owner: UserKey) {
    this.#owner = owner;
    this.statements = new Statements(database);
    this.index = new SearchIndex(this.statements);
    this.purges = new Purges(this.statements);
    this.reader = new MessageReader(this.statements, this.purges);
    this.messages = new Messages(this.statements, this.index);
    this.acts = new ActStore(this.statements);
  }

  /** The newest `limit` messages before position `before`, or of all. */
  page(conversation: ConversationId, before: number | undefined, limit: number): Page {
    return this.reader.page(conversation, before, limit);
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return (
      this.messages.isKnown(sender, mid) || this.acts.isKnown(sender, mid) || isForgotten(this.statements, sender, mid)
    );
  }

  message(conversation: ConversationId, seq: number): ChatMessage | undefined {
    return this.reader.one("WHERE conversation = ? AND seq = ?", conversation, seq);
  }

  messageOf(conversation: ConversationId, sender: UserKey, mid: string): ChatMessage | undefined {
    return this.reader.one("WHERE sender = ? AND mid = ? AND conversation = ?", sender, mid, conversation);
  }

  messageNamed(conversation: ConversationId, mid: string): ChatMessage | undefined {
    const where = "WHERE mid = ? AND conversation = ? AND seq > ? ORDER BY seq LIMIT 1";
    return this.reader.one(where, mid, conversation, this.purges.through(conversation));
  }

  /** In whichever conversation. */
  messageAnywhere(sender: UserKey, mid: string): ChatMessage | undefined {
    return this.reader.one("WHERE sender = ? AND mid = ?", sender, mid);
  }

  ownMessage(conversation: ConversationId, mid: string): ChatMessage | undefined {
    return this.messageOf(conversation, this.#owner, mid);
  }

  ownUnreadThrough(conversation: ConversationId, seq: number): ChatMessage[] {
    const where = `WHERE conversation = ? AND seq <= ? AND own = 1
      AND state IN ('sending', 'queued', 'delivered') ORDER BY seq`;
    return this.reader.read(where, conversation, seq);
  }

  /** Whether this person ever wrote there. */
  hasWritten(conversation: ConversationId): boolean {
    const where = "WHERE conversation = ? AND own = 1 AND seq > ? LIMIT 1";
    return this.reader.one(where, conversation, this.purges.through(conversation)) !== undefined;
  }

  answersTo(conversation: ConversationId, mid: string): ChatMessage[] {
    const where = "WHERE answers = ? AND conversation = ? ORDER BY seq DESC LIMIT ?";
    return this.reader.read(where, mid, conversation, maxAnswers);
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

  ownAct(mid: string): Act | undefined {
    return this.acts.of(this.#owner, mid);
  }

  ownReactionBeside(act: Act): ActKind | undefined {
    return this.acts.beside(act);
  }

  pendingActs(conversation: ConversationId, target: string): Act[] {
    return this.acts.pending(conversation, target);
  }

  queuedAtServer(conversation: ConversationId): OutboxEntry[] {
    const most = limits.maxMailboxMessages;
    const messages = this.messages.queued(conversation, this.purges.through(conversation), most);
    return [...messages, ...this.acts.queued(conversation, most)];
  }
}
