// Reads windows of one conversation's history for its panel: the newest messages, those around a message, and those before
// and after the loaded ones. Remembers the messages that the panel has received, so that the page's requests about one can
// be checked.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import { history } from "../../protocol/api/session.ts";
import { historyAfter, historyAround } from "../../protocol/api/conversation.ts";
import type { MessageWindow } from "../../protocol/page/page-messages.ts";
import type { Daemon } from "../daemon-client/port.ts";

/** Messages per page, and in the first window. */
const pageSize = 60;
/** How many messages back the first unread one is searched for. */
const maxUnread = 500;
const maxRemembered = 2_000;

type Page = Outcome<{ readonly messages: readonly ChatMessage[]; readonly more: boolean }>;

export class HistoryLoader {
  readonly #daemon: Daemon;
  readonly #conversation: ConversationId;
  readonly #handedOut = new Map<number, ChatMessage>();
  readonly #handsOut: (messages: readonly ChatMessage[]) => void;
  #ahead: { readonly unread: number; readonly page: Promise<Page> } | undefined;

  /** @param handsOut called with the messages before the panel gets them */
  constructor(daemon: Daemon, conversation: ConversationId, handsOut: (messages: readonly ChatMessage[]) => void) {
    this.#daemon = daemon;
    this.#conversation = conversation;
    this.#handsOut = handsOut;
  }

  /** Finds one of the messages that the panel has or has had. */
  message(fits: (message: ChatMessage) => boolean): ChatMessage | undefined {
    return [...this.#handedOut.values()].findLast(fits);
  }

  remember(messages: readonly ChatMessage[]): void {
    this.#handsOut(messages);
    for (const each of messages) {
      this.#handedOut.delete(each.seq);
      this.#handedOut.set(each.seq, each);
    }
    for (const seq of this.#handedOut.keys()) {
      if (this.#handedOut.size <= maxRemembered) return;
      this.#handedOut.delete(seq);
    }
  }

  forget(): void {
    this.#handedOut.clear();
    this.outdated();
  }

  /** Reads ahead what `newest` will return, so that it is ready when the webview is. */
  readAhead(unread: number): void {
    this.#ahead = { unread, page: this.#lastOf(unread) };
  }

  /** Drops what was read ahead, because something has changed since. */
  outdated(): void {
    this.#ahead = undefined;
  }

  /** Returns the newest page, or the one that begins with the first of the `unread` messages, which is `newFrom`. */
  async newest(unread: number): Promise<Outcome<MessageWindow & { newFrom: number | undefined }>> {
    const early = this.#ahead?.unread === unread ? await this.#ahead.page : undefined;
    this.outdated();
    const outcome = early?.ok === true ? early : await this.#lastOf(unread);
    if (!outcome.ok) return outcome;
    const { messages, more } = outcome;
    const newFrom = firstUnread(messages, unread);
    const last = Math.max(0, messages.length - pageSize);
    const start = newFrom === undefined ? last : Math.min(last, Math.max(0, indexOf(messages, newFrom) - 5));
    const shown = messages.slice(start, start + pageSize);
    this.remember(shown);
    const cut = { more: more || start > 0, moreAfter: start + pageSize < messages.length };
    return { ok: true, messages: shown, ...cut, newFrom };
  }

  /** Returns a page of messages on either side of one message. */
  async around(seq: number): Promise<Outcome<MessageWindow>> {
    const asked = { conversation: this.#conversation, seq, limit: pageSize };
    const outcome = await this.#daemon.request(historyAround, asked);
    if (!outcome.ok) return outcome;
    this.remember(outcome.messages);
    return { ok: true, messages: outcome.messages, more: outcome.moreBefore, moreAfter: outcome.moreAfter };
  }

  async before(seq: number): Promise<Outcome<{ messages: readonly ChatMessage[]; more: boolean }>> {
    const asked = { conversation: this.#conversation, before: seq, limit: pageSize };
    const outcome = await this.#daemon.request(history, asked);
    if (outcome.ok) this.remember(outcome.messages);
    return outcome;
  }

  async after(seq: number): Promise<Outcome<{ messages: readonly ChatMessage[]; more: boolean }>> {
    const asked = { conversation: this.#conversation, after: seq, limit: pageSize };
    const outcome = await this.#daemon.request(historyAfter, asked);
    if (outcome.ok) this.remember(outcome.messages);
    return outcome;
  }

  #lastOf(unread: number): Promise<Page> {
    const limit = Math.min(maxUnread, pageSize + unread);
    return this.#daemon.request(history, { conversation: this.#conversation, limit });
  }
}

/** Finds the first of the last `unread` messages from others. */
function firstUnread(messages: readonly ChatMessage[], unread: number): number | undefined {
  const received = messages.filter((each) => !each.own && each.deleted !== true);
  return unread <= 0 || received.length === 0 ? undefined : received.at(-Math.min(unread, received.length))?.seq;
}

function indexOf(messages: readonly ChatMessage[], seq: number): number {
  return messages.findIndex((each) => each.seq === seq);
}
