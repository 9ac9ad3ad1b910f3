// The views' queries on a history. The newest page is read at once on the daemon's own thread. Another thread reads what may
// be deep in a long history, and messages that change meanwhile are read again before they are shown. Per view and place
// only the latest search counts: earlier ones are cancelled.

import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { ExportParams, ExportPart } from "./import/export.ts";
import type { History } from "./history.ts";
import type { Page, MessageWindow } from "./event-reader.ts";
import type { Found, SearchParams } from "./search/search.ts";
import type { HistoryThread } from "./thread/history-thread.ts";
import { storageTrouble } from "./open/storage-errors.ts";

type Answer<T> = ({ readonly ok: true } & T) | Failure;

/** Pages up to this number of messages are read at once. */
const shortPage = 100;

export class HistoryReader {
  readonly #history: History;
  readonly #thread: HistoryThread;
  /** The number of the running search, by view and place. */
  readonly #searches = new Map<string, number>();

  constructor(history: History, thread: HistoryThread) {
    this.#history = history;
    this.#thread = thread;
  }

  async page(conversation: ConversationId, before: number | undefined, limit: number): Promise<Answer<Page>> {
    if (before === undefined && limit <= shortPage) {
      return { ok: true, ...this.#history.page(conversation, before, limit) };
    }
    return await this.#read(() => this.#thread.run("page", { conversation, before, limit }));
  }

  async pageAfter(conversation: ConversationId, after: number, limit: number): Promise<Answer<Page>> {
    return await this.#read(() => this.#thread.run("pageAfter", { conversation, after, limit }));
  }

  async around(conversation: ConversationId, seq: number, limit: number): Promise<Answer<MessageWindow>> {
    return await this.#read(() => this.#thread.run("around", { conversation, seq, limit }));
  }

  /** Finds a message by author and id, in any conversation. */
  named(from: string, mid: string): Answer<{ readonly message: ChatMessage }> {
    const message = this.#history.messageAnywhere(keyOfName(from), mid);
    return message
      ? { ok: true, message }
      : failure(
          "bad_request",
          "That message is not in your history here: it may have been deleted, or be of another account.",
        );
  }

  async export(params: ExportParams): Promise<Answer<ExportPart>> {
    try {
      return { ok: true, ...(await this.#thread.run("export", params)) };
    } catch (error) {
      return failure("unavailable", storageTrouble(error));
    }
  }

  /**
   * Searches.
   * @param view a new search replaces the view's previous one
   * @returns nothing found if a later search replaced this one
   */
  async search(view: number, params: SearchParams): Promise<Answer<Found & { superseded?: true }>> {
    const place = `${view} ${params.conversation ?? ""}`;
    const before = this.#searches.get(place);
    if (before !== undefined) this.#thread.giveUp(before);
    const { id, answer } = this.#thread.ask("search", params);
    this.#searches.set(place, id);
    const changes = this.#history.watch();
    try {
      const found = await answer;
      if (!this.#history.isOpen) return closed;
      if (!found) return { ok: true, hits: [], superseded: true };
      const hits = found.hits.flatMap(({ message }) => {
        const now = this.#asNow(message, changes);
        return now ? { message: now } : [];
      });
      return { ok: true, ...found, hits };
    } catch (error) {
      return failure("unavailable", storageTrouble(error));
    } finally {
      changes.end();
      if (this.#searches.get(place) === id) this.#searches.delete(place);
    }
  }

  async #read<T extends Page | MessageWindow>(ask: () => Promise<T>): Promise<Answer<T>> {
    const changes = this.#history.watch();
    try {
      const page = await ask();
      if (!this.#history.isOpen) return closed;
      return { ok: true, ...page, messages: page.messages.flatMap((each) => this.#asNow(each, changes) ?? []) };
    } catch (error) {
      return failure("unavailable", storageTrouble(error));
    } finally {
      changes.end();
    }
  }

  #asNow(message: ChatMessage, changes: ReturnType<History["watch"]>): ChatMessage | undefined {
    return changes.concern(message) ? this.#history.message(message.conversation, message.seq) : message;
  }
}

const closed = failure("unavailable", "Another history is open now. Try again.");
