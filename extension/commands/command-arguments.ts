// Commands may be called with arguments by other code, a keybinding or a menu. Whatever is there is used, what is missing
// is asked for; nothing is believed to have the right type, for arguments may come from anywhere.

import { isKnownConversation, nameInId } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";

/** Whom a command is about; without `conversation` the name is still to be looked up. */
export interface Target {
  readonly name: string;
  readonly conversation?: ConversationId;
}

/** A name; an object with `name`, `user` or `to`; or a row of the Contacts tree. */
export function targetOf(given: unknown): Target | undefined {
  if (typeof given === "string") return given.trim() === "" ? undefined : { name: given.trim() };
  const row = field(given, "contact");
  const conversation = textOf(row ?? given, "conversation");
  const name = ["name", "user", "to"].map((key) => textOf(row ?? given, key)).find((each) => each !== undefined);
  if (conversation !== undefined && isKnownConversation(conversation)) {
    return { conversation, name: name ?? nameInId(conversation) };
  }
  return name === undefined || name.trim() === "" ? undefined : { name: name.trim() };
}

/** A row of the Contacts tree: a person chose it in a menu. */
export function isRow(given: unknown): boolean {
  return field(given, "contact") !== undefined;
}

/** The text field `key` of an object; undefined where there is none. */
export function textOf(given: unknown, key: string): string | undefined {
  const value = field(given, key);
  return typeof value === "string" ? value : undefined;
}

export function numberOf(given: unknown, key: string): number | undefined {
  const value = field(given, key);
  return typeof value === "number" ? value : undefined;
}

/** The field `key` is true. */
export function isSet(given: unknown, key: string): boolean {
  return field(given, key) === true;
}

/** A text that is an argument itself, or its field `text`. */
export function wordsOf(given: unknown): string | undefined {
  return typeof given === "string" ? given : textOf(given, "text");
}

function field(given: unknown, key: string): unknown {
  if (typeof given !== "object" || given === null || !Object.hasOwn(given, key)) return undefined;
  return (given as Record<string, unknown>)[key];
}
