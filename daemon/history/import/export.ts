// Writes a history as the lines of `protocol/api/archive-lines.ts`, in parts, so that it is never in memory as a whole.
// Conversations come first, then messages, then changes, each in order of arrival, and at the end their numbers. What the
// person deleted is not exported, even while it is still in the file.

import { readArchiveEvent } from "../../../protocol/api/archive-lines.ts";
import type { ArchiveEvent, ArchiveHeader } from "../../../protocol/api/archive-lines.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { ConversationStore } from "../conversation-store.ts";
import { maxPageBytes } from "../event-reader.ts";
import type { Purges } from "../upkeep/purges.ts";
import { eventColumns, messageOfRow, numberOf, readConversation, textOf } from "../read-rows.ts";
import type { Row } from "../read-rows.ts";
import type { Statements } from "../statements.ts";

export interface ExportParams {
  /** The first line; times are in ISO 8601. */
  readonly header: Omit<ArchiveHeader, "exportedAt"> & { readonly exportedAt: string };
  readonly conversation?: ConversationId | undefined;
  /** The `next` of the previous part. */
  readonly after?: string | undefined;
}

export interface ExportPart {
  readonly lines: string[];
  readonly next?: string;
}

export class Export {
  readonly #statements: Statements;
  readonly #conversations: ConversationStore;
  readonly #purges: Purges;

  constructor(statements: Statements, conversations: ConversationStore, purges: Purges) {
    this.#statements = statements;
    this.#conversations = conversations;
    this.#purges = purges;
  }

  part({ header, conversation, after }: ExportParams): ExportPart {
    if (after === undefined) {
      const next = nextOf({ kind: "messages", from: Number.MIN_SAFE_INTEGER, messages: 0, changes: 0 });
      return { lines: [JSON.stringify(header), ...this.#conversationLines(conversation)], next };
    }
    const place = placeOf(after);
    const { kind, messages, changes } = place;
    if (kind === "messages") {
      const { lines, last } = this.#messages(conversation, place.from);
      const counted = { messages: messages + lines.length, changes };
      if (last !== undefined) return { lines, next: nextOf({ kind, from: last, ...counted }) };
      return { lines, next: nextOf({ kind: "changes", from: 0, ...counted }) };
    }
    const { lines, last } = this.#changes(conversation, place.from);
    const counted = { messages, changes: changes + lines.length };
    if (last !== undefined) return { lines, next: nextOf({ kind, from: last, ...counted }) };
    return { lines: [...lines, ...lineOf({ event: "end", ...counted })] };
  }

  #conversationLines(only: ConversationId | undefined): string[] {
    const wanted = this.#conversations.all().filter((each) => only === undefined || each.conversation === only);
    const present = wanted.filter(({ conversation, blocked }) => blocked || !this.#isDeleted(conversation));
    return present.flatMap(({ conversation, name, muted, blocked }) =>
      lineOf({
        event: "conversation",
        ...{ conversation },
        ...(name !== "" && { name }),
        ...(muted && { muted }),
        ...(blocked && { blocked }),
      }),
    );
  }

  /** Whether the conversation was deleted and nothing has arrived in it since. */
  #isDeleted(conversation: ConversationId): boolean {
    const through = this.#purges.through(conversation);
    if (!this.#purges.pending().has(conversation)) return false;
    const later = this.#statements.of("SELECT 1 FROM event WHERE conversation = ? AND seq > ? LIMIT 1");
    return later.get(conversation, through) === undefined;
  }

  #messages(only: ConversationId | undefined, after: number): Part {
    const read = new Map(this.#conversations.all().map((each) => [each.conversation, each.readSeq]));
    const select = `SELECT ${eventColumns} FROM event`;
    const rows =
      only === undefined
        ? this.#statements.of(`${select} WHERE id > ? AND seq > 0 ORDER BY id`).iterate(after)
        : this.#statements
            .of(`${select} WHERE conversation = ? AND seq > ? ORDER BY seq`)
            .iterate(only, Math.max(0, after));
    return takePart(rows, (row) => {
      const at = numberOf(row, only === undefined ? "id" : "seq");
      return { at, lines: this.#messageLines(row, read) };
    });
  }

  #messageLines(row: Row, read: ReadonlyMap<ConversationId, number>): string[] {
    const message = messageOfRow(row, {});
    if (!message || message.seq <= this.#purges.through(message.conversation)) return [];
    const { conversation, from, mid, sentAtMs, text, own, state, failure, edited, deleted, via } = message;
    const replyTo = textOf(row, "target");
    const unread = !own && deleted !== true && message.seq > (read.get(conversation) ?? 0);
    return lineOf({
      event: "message",
      ...{ conversation, from, mid, at: new Date(sentAtMs).toISOString(), text },
      ...(own && state !== "received" && { state }),
      ...(failure && { failure }),
      ...(replyTo !== "" && { replyTo }),
      ...(edited === true && { edited }),
      ...(deleted === true && { deleted }),
      ...(via !== undefined && { via }),
      ...(unread && { unread }),
    });
  }

  #changes(only: ConversationId | undefined, after: number): Part {
    const select = `SELECT ${eventColumns} FROM event`;
    const rows =
      only === undefined
        ? this.#statements.of(`${select} WHERE 0 > seq AND id > ? ORDER BY id`).iterate(after)
        : this.#statements.of(`${select} WHERE conversation = ? AND seq < ? ORDER BY seq DESC`).iterate(only, -after);
    return takePart(rows, (row) => ({ at: numberOf(row, "id"), lines: this.#changeLines(row) }));
  }

  #changeLines(row: Row): string[] {
    const conversation = readConversation(row, "conversation");
    const kind = textOf(row, "kind");
    const state = textOf(row, "state");
    if (!conversation || row["target"] === "") return [];
    if (numberOf(row, "id") <= this.#purges.throughChange(conversation)) return [];
    const at = new Date(numberOf(row, "sent_at_ms")).toISOString();
    const change = {
      ...{ conversation, from: textOf(row, "author"), mid: textOf(row, "mid"), of: textOf(row, "target"), at },
      ...(state === "pending" && { waiting: true }),
      ...((state === "failed" || state === "sending") && { failed: true }),
    };
    if (kind === "edit" || kind === "deletion") return lineOf({ event: kind, ...change });
    if (kind !== "reaction" && kind !== "reactionRemoval") return [];
    return lineOf({ event: "reaction", ...change, emoji: textOf(row, "body"), on: kind === "reaction" });
  }
}

interface Part {
  readonly lines: string[];
  /** The last position that was examined; undefined at the end. */
  readonly last: number | undefined;
}

/** Where the next part begins, and how much was written before it. */
interface Place {
  readonly kind: "messages" | "changes";
  readonly from: number;
  readonly messages: number;
  readonly changes: number;
}

function nextOf({ kind, from, messages, changes }: Place): string {
  return [kind, from, messages, changes].join(":");
}

/** Parses a `next`. @throws a sentence if it is not valid */
function placeOf(after: string): Place {
  const [kind, ...numbers] = after.split(":");
  const [from = NaN, messages = NaN, changes = NaN] = numbers.map(Number);
  const isOne = (kind === "messages" || kind === "changes") && [from, messages, changes].every(Number.isSafeInteger);
  if (!isOne) throw new Error("There is no such part of an export. Export it again.");
  return { kind, from, messages, changes };
}

function takePart(rows: Iterable<Row>, read: (row: Row) => { at: number; lines: string[] }): Part {
  const lines: string[] = [];
  let letters = 0;
  for (const row of rows) {
    const { at, lines: more } = read(row);
    lines.push(...more);
    for (const line of more) letters += line.length;
    if (letters >= maxPageBytes / 2) return { lines, last: at };
  }
  return { lines, last: undefined };
}

/** Returns the line, or nothing if it could not be imported again: unreadable events are left out. */
function lineOf(event: { readonly event: ArchiveEvent["event"]; readonly [field: string]: unknown }): string[] {
  const line = JSON.stringify(event);
  return typeof readArchiveEvent(line, 1) === "object" ? [line] : [];
}
