// Reads the events of one account: messages with their reactions and quotations, and changes. The quoted message and the
// reactions are looked up when a message is read, so deleted text also disappears from quotations. A page ends at a number
// of messages or a number of bytes, whichever comes first. Messages of conversations that are being deleted are not returned
// (purges.ts).

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { quoteOf } from "../core/contact-views.ts";
import type { OwnEvent } from "../core/ports.ts";
import type { Purges } from "./upkeep/purges.ts";
import { conversationOf, eventColumns, eventOfRow, messageOfRow, numberOf, textOf } from "./read-rows.ts";
import type { Added, Row } from "./read-rows.ts";
import type { Statements } from "./statements.ts";

export interface Page {
  /** Oldest first. */
  readonly messages: ChatMessage[];
  /** There are more messages in that direction. */
  readonly more: boolean;
}

export interface MessageWindow {
  /** Oldest first. */
  readonly messages: ChatMessage[];
  readonly moreBefore: boolean;
  readonly moreAfter: boolean;
}

/** The largest total size of the texts of one page; the first message is always included, however long it is. */
export const maxPageBytes = 1_024 * 1_024;
/** The size of a message in a page without its text, in bytes. */
const bytesBesideText = 300;

/** The largest length of a quoted text that is read; it is shortened to one line. */
const maxQuotedLength = 1_000;

const select = `SELECT ${eventColumns} FROM event`;

export class EventReader {
  readonly #statements: Statements;
  readonly #purges: Purges;

  constructor(statements: Statements, purges: Purges) {
    this.#statements = statements;
    this.#purges = purges;
  }

  /** Returns the newest `limit` messages before position `before`, or the newest of all. */
  page(conversation: ConversationId, before: number | undefined, limit: number): Page {
    const where = "WHERE conversation = ? AND seq < ? AND seq > ? ORDER BY seq DESC";
    const values = [conversation, before ?? Number.MAX_SAFE_INTEGER, this.#purges.through(conversation)];
    const { messages, more } = this.#take(where, values, limit);
    return { messages: messages.reverse(), more };
  }

  /** Returns the oldest `limit` messages after position `after`. */
  pageAfter(conversation: ConversationId, after: number, limit: number): Page {
    const where = "WHERE conversation = ? AND seq > ? AND seq <= ? ORDER BY seq";
    const values = [conversation, Math.max(after, this.#purges.through(conversation)), Number.MAX_SAFE_INTEGER];
    return this.#take(where, values, limit);
  }

  /** Returns the message at that position, with up to `limit` messages before and after it. */
  around(conversation: ConversationId, seq: number, limit: number): MessageWindow {
    const before = this.page(conversation, seq, limit);
    const after = this.pageAfter(conversation, seq - 1, limit + 1);
    const messages = [...before.messages, ...after.messages];
    return { messages, moreBefore: before.more, moreAfter: after.more };
  }

  /** Reads messages. @param where what follows `SELECT … FROM event`; rows that are not messages are skipped */
  read(where: string, ...values: (string | number)[]): ChatMessage[] {
    const rows = this.#statements.of(`${select} ${where}`).all(...values);
    return rows.flatMap((row) => this.#messageOf(row) ?? []);
  }

  one(where: string, ...values: (string | number)[]): ChatMessage | undefined {
    const row = this.#statements.of(`${select} ${where}`).get(...values);
    return row && this.#messageOf(row);
  }

  /** Reads one event of any kind. @param where as for `read` */
  event(where: string, ...values: (string | number)[]): OwnEvent | undefined {
    const row = this.#statements.of(`${select} ${where}`).get(...values);
    return row && this.#isThere(row) ? eventOfRow(row) : undefined;
  }

  /** Returns the changes that wait for the message with that id, in order of arrival. */
  pending(conversation: ConversationId, target: string): OwnEvent[] {
    const where = "WHERE conversation = ? AND target = ? AND seq < ? AND state = 'pending' ORDER BY seq DESC";
    const rows = this.#statements
      .of(`${select} ${where}`)
      .all(conversation, target, -this.#purges.throughChange(conversation));
    return rows.flatMap((row) => eventOfRow(row) ?? []);
  }

  #take(where: string, values: (string | number)[], limit: number): Page {
    const messages: ChatMessage[] = [];
    let bytes = 0;
    for (const row of this.#statements.of(`${select} ${where}`).iterate(...values)) {
      bytes += bytesBesideText + Buffer.byteLength(textOf(row, "body"));
      if (messages.length >= limit || (messages.length > 0 && bytes > maxPageBytes)) return { messages, more: true };
      const message = this.#messageOf(row);
      if (message) messages.push(message);
    }
    return { messages, more: false };
  }

  #messageOf(row: Row): ChatMessage | undefined {
    const message = messageOfRow(row, this.#added(row));
    return message && message.seq > this.#purges.through(message.conversation) ? message : undefined;
  }

  #isThere(row: Row): boolean {
    const conversation = conversationOf(row, "conversation");
    const seq = numberOf(row, "seq");
    return seq > 0 ? seq > this.#purges.through(conversation) : -seq > this.#purges.throughChange(conversation);
  }

  #added(row: Row): Added {
    const reactions = this.#reactions(row);
    const quote =
      typeof row["target"] === "string" ? this.#quote(conversationOf(row, "conversation"), row["target"]) : {};
    return { ...quote, ...(reactions.length === 0 ? {} : { reactions }) };
  }

  /** Returns the quotation. Ids are unique per sender only: the first message with that id is used. */
  #quote(conversation: ConversationId, mid: string): Added {
    const row = this.#statements
      .of(
        `SELECT seq, author, substr(body, 1, ${maxQuotedLength}) AS body FROM event
          WHERE mid = ? AND conversation = ? AND seq > ? ORDER BY seq LIMIT 1`,
      )
      .get(mid, conversation, this.#purges.through(conversation));
    const found = row && { seq: numberOf(row, "seq"), from: textOf(row, "author"), text: textOf(row, "body") };
    return { quote: quoteOf(mid, found) };
  }

  #reactions(message: Row): { emoji: string; from: string[] }[] {
    const byEmoji = new Map<string, string[]>();
    const rows = this.#statements
      .of("SELECT emoji, author FROM reaction WHERE event = ? ORDER BY position")
      .all(message["id"] ?? null);
    for (const row of rows) {
      const emoji = textOf(row, "emoji");
      const from = byEmoji.get(emoji);
      if (from) from.push(textOf(row, "author"));
      else byEmoji.set(emoji, [textOf(row, "author")]);
    }
    return Array.from(byEmoji, ([emoji, from]) => ({ emoji, from }));
  }
}
