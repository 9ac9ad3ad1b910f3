// One account's messages, outbox, contacts, read marks, mutes and drafts, in SQLite: a step of the core is one transaction,
// on disk before anybody is told. A message, and what is done to one, is known for ever by its sender and id [P-5.4]; the
// index refuses a second one. What was taken back is overwritten in the file, not only forgotten.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../base/sqlite.ts";
import type { MessageId, UserKey } from "../../protocol/ids.ts";
import { limits } from "../../protocol/limits.ts";
import type { ChatMessage, ConversationId } from "../../protocol/editor/model.ts";
import type { Reference } from "../../protocol/messages/talk.ts";
import { deletedWords, noSeq } from "../core/acts.ts";
import type { Act, ActKind } from "../core/acts.ts";
import type { Write } from "../core/effects.ts";
import type { OutboxEntry } from "../core/outbox.ts";
import type { Facts, Loaded } from "../core/ports.ts";
import { ActStore } from "./act-store.ts";
import { ConversationStore } from "./conversation-store.ts";
import { DraftStore } from "./draft-store.ts";
import { Messages } from "./messages.ts";
import { takeNewKeys } from "./new-keys.ts";
import { OutboxStore } from "./outbox-store.ts";
import { numberOf, textOf } from "./rows.ts";
import { Statements } from "./statements.ts";

export interface Page {
  /** Oldest first. */
  readonly messages: ChatMessage[];
  /** There are more in that direction. */
  readonly more: boolean;
}

/** As it goes on the wire. */
export interface Outgoing {
  readonly msg: string;
  readonly ts: number;
  readonly ref?: Reference;
}

/** Messages that are shown again because the one that they answer has changed. */
const maxAnswers = 100;

export class History implements Facts {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #conversations: ConversationStore;
  readonly #messages: Messages;
  readonly #outbox: OutboxStore;
  readonly #acts: ActStore;
  readonly drafts: DraftStore;
  readonly #owner: UserKey;

  /** @param database opened with `historyMigrations`; closed by `dispose` @param owner whose history it is */
  constructor(database: DatabaseSync, owner: UserKey) {
    this.#database = database;
    this.#owner = owner;
    this.#statements = new Statements(database);
    this.#conversations = new ConversationStore(this.#statements);
    this.#messages = new Messages(this.#statements);
    this.#outbox = new OutboxStore(this.#statements);
    this.#acts = new ActStore(this.#statements);
    this.drafts = new DraftStore(database, this.#statements);
    database.exec("PRAGMA secure_delete = ON");
    takeNewKeys(database);
    const { words } = this.#messages;
    if (words.isBehind) transact(database, () => words.catchUp());
  }

  /**
   * All of it or nothing, on disk when it returns.
   * @throws what SQLite says: a full disk, a damaged file
   */
  commit(writes: readonly Write[]): void {
    if (writes.length === 0) return;
    transact(this.#database, () => {
      for (const write of writes) this.#perform(write);
    });
    if (writes.some(({ kind }) => kind === "text")) this.#overwrite();
  }

  load(): Loaded {
    const contacts = this.#conversations.all().map((stored) => ({
      ...stored,
      unread: this.countReceivedAfter(stored.conversation, stored.readSeq),
      last: this.page(stored.conversation, undefined, 1).messages[0],
    }));
    return { contacts, outbox: this.#outbox.all() };
  }

  /** The newest `limit` messages before position `before`, or of all. */
  page(conversation: ConversationId, before: number | undefined, limit: number): Page {
    const where = "WHERE conversation = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
    const found = this.#messages.read(where, conversation, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
    return { messages: found.slice(0, limit).reverse(), more: found.length > limit };
  }

  /** The oldest `limit` messages behind position `after`. */
  pageAfter(conversation: ConversationId, after: number, limit: number): Page {
    const where = "WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?";
    const found = this.#messages.read(where, conversation, after, limit + 1);
    return { messages: found.slice(0, limit), more: found.length > limit };
  }

  /** Newest first. @param before the `next` of the page before */
  search(query: string, conversation: ConversationId | undefined, before: number | undefined, limit: number) {
    const { words } = this.#messages;
    const ids = words.find(query, conversation, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
    const hits = ids.slice(0, limit).flatMap((id) => this.#messages.read("WHERE id = ?", id));
    const next = ids.length > limit ? ids[limit - 1] : undefined;
    return { hits: hits.map((message) => ({ message })), ...(next === undefined ? {} : { next }) };
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return this.#messages.isKnown(sender, mid) || this.#acts.isKnown(sender, mid);
  }

  message(conversation: ConversationId, seq: number): ChatMessage | undefined {
    return this.#messages.one("WHERE conversation = ? AND seq = ?", conversation, seq);
  }

  messageOf(conversation: ConversationId, sender: UserKey, mid: string): ChatMessage | undefined {
    return this.#messages.one("WHERE sender = ? AND mid = ? AND conversation = ?", sender, mid, conversation);
  }

  messageNamed(conversation: ConversationId, mid: string): ChatMessage | undefined {
    return this.#messages.one("WHERE mid = ? AND conversation = ? ORDER BY seq LIMIT 1", mid, conversation);
  }

  ownMessage(conversation: ConversationId, mid: string): ChatMessage | undefined {
    return this.messageOf(conversation, this.#owner, mid);
  }

  ownUnreadThrough(conversation: ConversationId, seq: number): ChatMessage[] {
    const where = `WHERE conversation = ? AND seq <= ? AND own = 1
      AND state IN ('sending', 'queued', 'delivered') ORDER BY seq`;
    return this.#messages.read(where, conversation, seq);
  }

  /** Whether this person ever wrote there. */
  hasWritten(conversation: ConversationId): boolean {
    const where = "WHERE conversation = ? AND own = 1 LIMIT 1";
    return this.#messages.read(where, conversation).length > 0;
  }

  answersTo(conversation: ConversationId, mid: string): ChatMessage[] {
    const where = "WHERE answers = ? AND conversation = ? ORDER BY seq DESC LIMIT ?";
    return this.#messages.read(where, mid, conversation, maxAnswers);
  }

  countReceivedAfter(conversation: ConversationId, seq: number): number {
    const row = this.#statements
      .of("SELECT count(*) AS found FROM message WHERE conversation = ? AND seq > ? AND own = 0")
      .get(conversation, seq);
    return numberOf(row, "found");
  }

  newestReceived(conversation: ConversationId, after: number, through: number): string | undefined {
    const row = this.#statements
      .of(
        `SELECT mid FROM message WHERE conversation = ? AND seq > ? AND seq <= ? AND own = 0
          ORDER BY seq DESC LIMIT 1`,
      )
      .get(conversation, after, through);
    return row && textOf(row, "mid");
  }

  ownAct(mid: string): Act | undefined {
    return this.#acts.of(this.#owner, mid);
  }

  ownReactionBeside(act: Act): ActKind | undefined {
    return this.#acts.beside(act);
  }

  pendingActs(conversation: ConversationId, target: string): Act[] {
    return this.#acts.pending(conversation, target);
  }

  queuedAtServer(conversation: ConversationId): OutboxEntry[] {
    const most = limits.maxMailboxMessages;
    return [...this.#messages.queued(conversation, most), ...this.#acts.queued(conversation, most)];
  }

  /** What that entry of the outbox says. An edit says what its message is now. */
  outgoing(conversation: ConversationId, { seq, mid }: OutboxEntry): Outgoing | undefined {
    if (seq !== noSeq) {
      const message = this.message(conversation, seq);
      if (!message) return undefined;
      const { quote, sentAtMs: ts } = message;
      return { msg: wordsOf(message), ts, ...(quote && { ref: reference("reply", quote.mid) }) };
    }
    const act = this.ownAct(mid);
    if (!act) return undefined;
    const { kind, target, emoji, sentAtMs: ts } = act;
    const edited = kind === "edit" ? this.ownMessage(conversation, target) : undefined;
    const msg = edited ? wordsOf(edited) : emoji === "" ? deletedWords : emoji;
    return { msg, ts, ref: reference(kind, target) };
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  dispose(): void {
    if (!this.#database.isOpen) return;
    try {
      this.drafts.flush();
    } finally {
      this.#statements.clear();
      this.#database.close();
    }
  }

  /** What was changed is still in the log beside the file until that is carried over; if not now, then with the next. */
  #overwrite(): void {
    try {
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // The step itself is on disk: it did not fail.
    }
  }

  #perform(write: Write): void {
    switch (write.kind) {
      case "contact":
        this.#conversations.put(write);
        return;
      case "message":
        this.#messages.add(write.message);
        return;
      case "state":
        this.#messages.changeState(write.message);
        return;
      case "text":
        this.#messages.changeText(write.message);
        return;
      case "reaction":
        this.#messages.react(write);
        return;
      case "act":
        this.#acts.add(write.act);
        return;
      case "actState":
        this.#acts.changeState(write);
        return;
      case "outbox":
        this.#outbox.put(write);
        return;
    }
  }
}

function wordsOf({ text, deleted }: ChatMessage): string {
  return deleted === true ? deletedWords : text;
}

function reference(kind: string, mid: string): Reference {
  return { kind, mid: mid as MessageId };
}
