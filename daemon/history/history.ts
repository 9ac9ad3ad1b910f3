// One account's events, outbox, contacts, read marks, mutes and drafts, in SQLite: a step of the core is one transaction, on
// disk before anybody is told. An event is known for ever by its author and id [P-5.4]; the index refuses a second one. What
// was taken back is overwritten in the file, not only forgotten. Everything here takes a moment however long the history is;
// what does not is done by another thread (daemon/history/thread/).

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

/** As base/sqlite.ts sets it. */
const busyTimeoutMs = 5_000;

export class History extends HistoryReader {
  readonly #database: DatabaseSync;
  readonly #conversations: ConversationStore;
  readonly #events: EventStore;
  readonly #outbox: OutboxStore;
  readonly drafts: DraftStore;
  /** What is read beside this thread is told which messages have changed meanwhile. */
  readonly #watches = new Set<Changes>();
  #taken = false;
  /** What was changed is still in the log beside the file: somebody who reads it held that up. */
  onHeldUp: () => void = () => undefined;

  /** @param database opened with `historyMigrations`; closed by `dispose` @param owner whose history it is */
  constructor(database: DatabaseSync, owner: UserKey) {
    super(database, owner);
    this.#database = database;
    this.#conversations = new ConversationStore(this.statements);
    this.#events = new EventStore(this.statements, this.index, owner);
    this.#outbox = new OutboxStore(this.statements);
    this.drafts = new DraftStore(database, this.statements);
    database.exec("PRAGMA secure_delete = ON");
    // The conversation that a message is in is in the index.
    if (takeNewKeys(database)) transact(database, () => this.index.restart());
  }

  /** For whoever keeps the file from now on: until `dispose` it counts as not closed well. @returns how it was found */
  take(): FileState {
    this.#taken = true;
    return takeFile(this.statements);
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

  /** For those who have all the time of this thread; views ask a reader (reader.ts). */
  search(params: SearchParams): Found {
    const search = new Search(this.statements, this.index, this.reader);
    return search.find(params, { patienceMs: Infinity, nowMs: () => 0, isGivenUp: () => false });
  }

  /** Which messages change from now on, until `end`. */
  watch(): Changes {
    const changes = new Changes(() => this.#watches.delete(changes));
    this.#watches.add(changes);
    return changes;
  }

  /** It is damaged: however it is closed, it is read as a whole when it is opened the next time. */
  distrust(): void {
    this.#taken = false;
  }

  /** What is left to do beside this thread: of conversations that were deleted, of whatever was taken out, and for the index. */
  get work(): { readonly deletions: boolean; readonly purges: boolean; readonly index: boolean } {
    const deletions = this.purges.pending().size > 0;
    return { deletions, purges: deletions || this.index.isUnmerged, index: this.index.isIncomplete };
  }

  /** What was deleted is gone, and its positions may be used again. */
  purged(): void {
    this.purges.reload();
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  dispose(): void {
    if (!this.#database.isOpen) return;
    try {
      this.drafts.flush();
    } finally {
      this.#leave();
      this.statements.clear();
      // Whoever closes it last would do that, and that may be a thread that is ended.
      this.#checkpoint();
      this.#database.close();
    }
  }

  /** A full disk is no reason to stay: the file is read as a whole the next time. */
  #leave(): void {
    if (!this.#taken) return;
    this.#taken = false;
    try {
      leaveFile(this.statements);
    } catch {
      // It counts as not closed well.
    }
  }

  /** What was changed is in the log beside the file until that is carried over. */
  #overwrite(): void {
    // The step itself is on disk: it did not fail.
    if (!this.#checkpoint()) this.onHeldUp();
  }

  /** @returns false if it was not done, as while another thread reads: nobody waits for that here */
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

  /** Rises with every message of any conversation. */
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
