// The lines of an exported history: one JSON object per line. The first line identifies the file and its account. Each of
// the others is one event, in the order in which it arrived here. The last line counts them, so that a file that was cut
// off is detected. Times are UTC in ISO 8601 format. Unknown fields and events are ignored; invalid ones are refused with
// the line number. `docs/daemon.md` describes the format for people.

import { errorTable } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";
import { limits } from "../limits.ts";
import { checkName } from "../names.ts";
import { boolean, integer, Invalid, object, oneOf, optional, string, variants } from "../validate.ts";
import type { Infer, Schema } from "../validate.ts";
import { maxReasonLength, pinField } from "./model.ts";
import { conversationField, conversationWith, isEveryone, personIn } from "../conversations/conversation-id.ts";
import type { ConversationId } from "../conversations/conversation-id.ts";

export const archiveFormat = "chat-room-history";
export const archiveVersion = 1;
/** In UTF-16 units. A message of 60 KiB fits, however it is encoded. */
export const maxArchiveLineLength = 1_024 * 1_024;

const isoTime = /^(\d{4}|\+\d{6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?Z$/;

/** Reads a time as milliseconds since 1970. */
const time: Schema<number> = {
  read(value, path) {
    const ms = typeof value === "string" ? millisecondsOf(value) : undefined;
    if (ms === undefined) return new Invalid(`${path} must be a time such as 2026-01-31T12:00:00.000Z`);
    return ms >= 0 && ms <= limits.maxTimeMs ? ms : new Invalid(`${path} is no time since 1970`);
  },
};
const conversation: Schema<ConversationId> = {
  read(value, path) {
    const read = conversationField.read(value, path);
    if (read instanceof Invalid) return read;
    const checked = checkName(personIn(read) ?? "");
    const isOne = isEveryone(read) || (checked.ok && read === conversationWith(checked.key));
    return isOne ? read : new Invalid(`${path} must be everyone, or user: and the key of a name`);
  },
};
const name: Schema<string> = {
  read(value, path) {
    const checked = typeof value === "string" ? checkName(value) : undefined;
    return checked?.ok === true ? checked.name : new Invalid(`${path} is no user name`);
  },
};
const mid = string({ min: 1, max: 256 });
/** A little more than a message may have, in UTF-16 units. */
const text = string({ max: 65_536 });
const errorCode = oneOf(...(Object.keys(errorTable) as ErrorCode[]));

const header = object({
  format: oneOf(archiveFormat),
  version: integer({ min: 1 }),
  account: object({ user: name, server: string({ min: 1, max: 1_024 }), serverKey: optional(string({ max: 128 })) }),
  exportedAt: time,
  conversation: optional(conversation),
});
export type ArchiveHeader = Infer<typeof header>;

/** `waiting`: its message has not arrived yet. `failed`: nobody else got it. */
const act = { conversation, from: name, mid, of: mid, at: time, waiting: optional(boolean), failed: optional(boolean) };
const event = variants("event", {
  /** `name`: as its owner spells it. Comes before everything else of that conversation. */
  conversation: object({
    event: oneOf("conversation"),
    conversation,
    name: optional(name),
    muted: optional(boolean),
    blocked: optional(boolean),
  }),
  /** In its current form: `edited` and `deleted` reflect the events after it. A deleted message has no text. */
  message: object({
    event: oneOf("message"),
    conversation,
    from: name,
    mid,
    at: time,
    text,
    /** For own messages: how far it got. */
    state: optional(oneOf("sending", "queued", "delivered", "read", "failed")),
    failure: optional(object({ code: errorCode, reason: string({ max: maxReasonLength }) })),
    replyTo: optional(mid),
    edited: optional(boolean),
    deleted: optional(boolean),
    /** The key of the device that it came from, or was sent to, on a direct link. */
    via: optional(pinField),
    /** Not read yet by the person whose history it is. */
    unread: optional(boolean),
  }),
  edit: object({ event: oneOf("edit"), ...act }),
  deletion: object({ event: oneOf("deletion"), ...act }),
  /** `on: false`: the reaction was removed. */
  reaction: object({ event: oneOf("reaction"), ...act, emoji: string({ min: 1, max: 32 }), on: boolean }),
  /** The last line: the number of messages before it, and of edits, deletions and reactions. */
  end: object({ event: oneOf("end"), messages: integer({ min: 0 }), changes: integer({ min: 0 }) }),
});
export type ArchiveEvent = Infer<typeof event>;

/** Reads the first line. @returns a sentence that says what is wrong with it */
export function readArchiveHeader(line: string): ArchiveHeader | string {
  const value = parse(line);
  const isOurs = typeof value === "object" && value !== null && "format" in value && value.format === archiveFormat;
  if (!isOurs) return "This is no exported history of Chat Room: its first line does not say so.";
  const read = header.read(value, "");
  if (read instanceof Invalid) return `Line 1: ${read.reason}.`;
  if (read.version > archiveVersion) {
    return `This file has format version ${read.version}, this program knows up to ${archiveVersion}. Use a newer version of it.`;
  }
  return read;
}

/**
 * Reads an event. @param number of the line, from 1 @returns undefined for an event of a newer version; a sentence that
 * says what is wrong
 */
export function readArchiveEvent(line: string, number: number): ArchiveEvent | undefined | string {
  if (line.length > maxArchiveLineLength) return tooLong(number);
  const value = parse(line);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `Line ${number} is no JSON object.`;
  const kind: unknown = Object.hasOwn(value, "event") ? (value as { event?: unknown }).event : undefined;
  if (typeof kind !== "string") return `Line ${number}: event is missing.`;
  if (!Object.hasOwn(kinds, kind)) return undefined;
  const read = event.read(value, "");
  if (read instanceof Invalid) return `Line ${number}: ${read.reason}.`;
  const isOdd = read.event === "message" && read.deleted === true && read.text !== "";
  return isOdd ? `Line ${number}: a deleted message has no text.` : read;
}

export function tooLong(number: number): string {
  return `Line ${number} is longer than ${maxArchiveLineLength} characters. Nothing was imported.`;
}

const kinds: Readonly<Record<ArchiveEvent["event"], true>> = {
  ...{ conversation: true, message: true, edit: true, deletion: true, reaction: true, end: true },
};

export const cutOff = "The file was cut off: its last line does not say that it is the end.";

/** Checks that a file is complete, event by event. */
export class ArchiveCount {
  #messages = 0;
  #changes = 0;
  #ended = false;

  /** Whether the end has been read. */
  get isWhole(): boolean {
    return this.#ended;
  }

  /** Counts an event. @param number of its line @returns a sentence if it cannot be there */
  take(event: ArchiveEvent, number: number): string | undefined {
    if (this.#ended) return `Line ${number} is behind the end of the file.`;
    if (event.event === "message") this.#messages += 1;
    else if (event.event !== "end") this.#changes += Number(event.event !== "conversation");
    else {
      this.#ended = true;
      const { messages, changes } = event;
      if (messages !== this.#messages || changes !== this.#changes) {
        return (
          `Line ${number}: there are ${this.#messages} messages and ${this.#changes} changes before it, ` +
          `and not ${messages} and ${changes}: lines are missing.`
        );
      }
    }
    return undefined;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** @returns undefined if it is not a valid date and time */
function millisecondsOf(text: string): number | undefined {
  const found = isoTime.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1, 7).map(Number);
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isReal || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const time = ((daysBefore(year, month) + day - 1) * 24 + hours) * 3_600 + minutes * 60 + seconds;
  return time * 1_000 + Number((found[7] ?? "").padEnd(3, "0"));
}

function daysIn(year: number, month: number): number {
  return daysBefore(month === 12 ? year + 1 : year, (month % 12) + 1) - daysBefore(year, month);
}

/** Days from 1970 to the first of that month, always in the Gregorian calendar. */
function daysBefore(year: number, month: number): number {
  // If years start in March, the leap day is at their end.
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}
