// One account's events, outbox, contacts, read marks, mutes and drafts, in SQLite. A step of the core is one transaction,
// which is on disk before anybody is informed. The author and id of an event stay known for ever [P-5.4]; a unique index
// rejects a second copy. Deleted text is overwritten in the file, not only unlinked. Everything here is fast, however long
// the history is; anything slow runs in another thread (daemon/history/thread/).

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../base/sqlite.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { Write } from "../core/effects.ts";
import type { LoadedHistory } from "../core/ports.ts";
import { Changes } from "./changed-messages.ts";
import { ConversationStore } from "./conversation-store.ts";
import { DraftStore } from "./draft-store.ts";
import { EventStore } from "./event-store.ts";
import { HistoryReader } from "./facts.ts";
import { takeNewKeys } from "./open/new-keys.ts";
import { OutboxStore } from "./outbox-store.ts";
import { numberOf } from "./read-rows.ts";
import { Search } from "./search/search.ts";
import type { Found, SearchParams } from "./search/search.ts";
import { leaveFile, takeFile } from "./upkeep/upkeep-state.ts";
import type { FileState } from "./upkeep/upkeep-state.ts";

/** As set in base/sqlite.ts. */
const busyTimeoutMs = 5_000;

export class History extends HistoryReader {
  readonly #database: DatabaseSync;
  readonly #conversations: ConversationStore;
  readonly #events: EventStore;
  readonly #outbox: OutboxStore;
  readonly drafts: DraftStore;
  /** Readers in other threads, which are notified of the messages that change while they read. */
  readonly #watches = new Set<Changes>();
  #taken = false;
  /** Called if changed text is still in the log (WAL) next to the file, because a reader prevented the checkpoint. */
  onHeldUp: () => void = () => undefined;

  /**
   * Opens a history.
   * @param database opened with `historyMigrations`; closed by `dispose`
   * @param owner whose history it is
   */
  constructor(database: DatabaseSync, owner: UserKey) {
    super(database, owner);
    this.#database = database;
    this.#conversations = new ConversationStore(this.statements);
    this.#events = new EventStore(this.statements, this.index, owner);
    this.#outbox = new OutboxStore(this.statements);
    this.drafts = new DraftStore(database, this.statements);
    database.exec("PRAGMA secure_delete = ON");
    // The index contains each message's conversation, so new keys require a new index.
    if (takeNewKeys(database)) transact(database, () => this.index.restart());
  }

  /** Takes over the file for writing: until `dispose` it counts as not closed properly. @returns its state before */
  take(): FileState {
    this.#taken = true;
    return takeFile(this.statements);
  }

  /**
   * Commits all writes or none; they are on disk when it returns.
   * @throws what SQLite throws, such as for a full disk or a damaged file
   */
  commit(writes: readonly Write[]): void {
    if (writes.length === 0) return;
    transact(this.#database, () => {
      for (const write of writes) this.#perform(write);
    });
    if (writes.some(({ kind }) => kind === "purge")) this.purges.reload();
    for (const changes of this.#watches) for (const write of writes) changes.note(write);
    if (writes.some(({ kind }) => kind === "text" || kind === "purge")) this.#overwrite();
  }

  load(): LoadedHistory {
    const contacts = this.#conversations.all().map((stored) => {
      const { conversation, readSeq } = stored;
      const last = this.reader.page(conversation, undefined, 1).messages[0];
      const lastSeq = Math.max(last?.seq ?? 0, this.purges.through(conversation));
      const lastArrival = last && this.#arrivalOf(last);
      return { ...stored, lastSeq, lastArrival, unread: this.countReceivedAfter(conversation, readSeq), last };
    });
    const outbox = this.#outbox.all().map(({ conversation, mid, seq }) => {
      return { conversation, mid, ...(seq !== undefined && { seq }) };
    });
    return { contacts, outbox };
  }

  /** Searches without a time limit, for callers that may occupy this thread; views use a reader (reader.ts). */
  search(params: SearchParams): Found {
    const search = new Search(this.statements, this.index, this.reader);
    return search.find(params, { patienceMs: Infinity, nowMs: () => 0, isGivenUp: () => false });
  }

  /** Records which messages change from now on, until `end`. */
  watch(): Changes {
    const changes = new Changes(() => this.#watches.delete(changes));
    this.#watches.add(changes);
    return changes;
  }

  /** Marks the file as damaged: it is checked as a whole when it is opened the next time, however it is closed. */
  distrust(): void {
    this.#taken = false;
  }

  /** The work left for another thread: conversations to delete, removed texts to clear, and messages to index. */
  get work(): { readonly deletions: boolean; readonly purges: boolean; readonly index: boolean } {
    const deletions = this.purges.pending().size > 0;
    return { deletions, purges: deletions || this.index.isUnmerged, index: this.index.isIncomplete };
  }

  /** The deleted conversations' rows are gone, so their positions may be used again. */
  purged(): void {
    this.purges.reload();
  }

  dispose(): void {
    if (!this.#database.isOpen) return;
    try {
      this.drafts.flush();
    } finally {
      this.#leave();
      this.statements.clear();
      // Otherwise the last connection to close would do this, possibly in a thread that is being terminated.
      this.#checkpoint();
      this.#database.close();
    }
  }

  /**
   * Marks the file as closed properly. A full disk does not prevent closing: the file is then checked at the next opening.
   */
  #leave(): void {
    if (!this.#taken) return;
    this.#taken = false;
    try {
      leaveFile(this.statements);
    } catch {
      // The file counts as not closed properly.
    }
  }

  /** Overwrites deleted text in the file. Until the checkpoint it is still in the log (WAL) next to the file. */
  #overwrite(): void {
    // The step itself is on disk, so it has not failed.
    if (!this.#checkpoint()) this.onHeldUp();
  }

  /**
   * Tries a checkpoint without waiting.
   * @returns false if it was not possible, for example because another thread is reading
   */
  #checkpoint(): boolean {
    try {
      this.#database.exec("PRAGMA busy_timeout = 0");
      return this.#database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"] === 0;
    } catch {
      return false;
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
  }

  /** The order of arrival: increases with every message of any conversation. */
  #arrivalOf({ conversation, seq }: ChatMessage): number | undefined {
    const row = this.statements.of("SELECT id FROM event WHERE conversation = ? AND seq = ?").get(conversation, seq);
    return row && numberOf(row, "id");
  }

  #perform(write: Write): void {
    switch (write.kind) {
      case "contact":
        this.#conversations.put(write);
        return;
      case "event":
        this.#events.add(write);
        return;
      case "state":
        this.#events.changeState(write);
        return;
      case "text":
        this.#events.changeText(write.message);
        return;
      case "reaction":
        this.#events.react(write);
        return;
      case "outbox":
        this.#outbox.put(write);
        return;
      case "purge":
        this.purges.begin(write.conversation, write.throughSeq);
        this.#outbox.drop(write.conversation);
        this.drafts.drop(write.conversation);
        return;
    }
  }
}
