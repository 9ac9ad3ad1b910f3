// Reads the events of one account: messages with what belongs to them, and changes. The message that a reply quotes and the
// reactions are looked up when a message is read, so what was taken back is gone from quotes too. Pages end at a number of
// messages and at a number of bytes, whichever comes first. What is being deleted is not there any more (purges.ts).

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
  /** There are more in that direction. */
  readonly more: boolean;
}

export interface MessageWindow {
  /** Oldest first. */
  readonly messages: ChatMessage[];
  readonly moreBefore: boolean;
  readonly moreAfter: boolean;
}

/** Of the texts of one page; the first message is in it however long it is. */
export const maxPageBytes = 1_024 * 1_024;
/** What a message takes beside its text, in a page. */
const bytesBesideText = 300;

/** Of a text that is quoted; it is shortened to one line. */
const maxQuotedLength = 1_000;

const select = `SELECT ${eventColumns} FROM event`;

export class EventReader {
  readonly #statements: Statements;
  readonly #purges: Purges;

  constructor(statements: Statements, purges: Purges) {
    this.#statements = statements;
    this.#purges = purges;
  }

  /** The newest `limit` messages before position `before`, or of all. */
  page(conversation: ConversationId, before: number | undefined, limit: number): Page {
    const where = "WHERE conversation = ? AND seq < ? AND seq > ? ORDER BY seq DESC";
    const values = [conversation, before ?? Number.MAX_SAFE_INTEGER, this.#purges.through(conversation)];
    const { messages, more } = this.#take(where, values, limit);
    return { messages: messages.reverse(), more };
  }

  /** The oldest `limit` messages behind position `after`. */
  pageAfter(conversation: ConversationId, after: number, limit: number): Page {
    const where = "WHERE conversation = ? AND seq > ? AND seq <= ? ORDER BY seq";
    const values = [conversation, Math.max(after, this.#purges.through(conversation)), Number.MAX_SAFE_INTEGER];
    return this.#take(where, values, limit);
  }

  /** Up to `limit` messages on either side of that position, and the one there. */
  around(conversation: ConversationId, seq: number, limit: number): MessageWindow {
    const before = this.page(conversation, seq, limit);
    const after = this.pageAfter(conversation, seq - 1, limit + 1);
    const messages = [...before.messages, ...after.messages];
    return { messages, moreBefore: before.more, moreAfter: after.more };
  }

  /** @param where what follows `SELECT … FROM event`; of the rows that it finds the messages are read */
  read(where: string, ...values: (string | number)[]): ChatMessage[] {
    const rows = this.#statements.of(`${select} ${where}`).all(...values);
    return rows.flatMap((row) => this.#messageOf(row) ?? []);
  }

  one(where: string, ...values: (string | number)[]): ChatMessage | undefined {
    const row = this.#statements.of(`${select} ${where}`).get(...values);
    return row && this.#messageOf(row);
  }

  /** An event of any kind. @param where as of `read` */
  event(where: string, ...values: (string | number)[]): OwnEvent | undefined {
    const row = this.#statements.of(`${select} ${where}`).get(...values);
    return row && this.#isThere(row) ? eventOfRow(row) : undefined;
  }

  /** Changes that wait for the message of that id, in the order in which they came. */
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

  /** Ids are unique for each sender only: the first of that id is meant. */
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
