// Arguments of commands, from other code, a keybinding or a menu. Given ones are used, missing ones are asked for. No type
// is trusted, because arguments may come from anywhere.

import { isKnownConversation, nameInId } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";

/** `true` is a flag, which counts only if it is set; a list means one of these texts. */
type ArgumentType = "contact" | "text" | "number" | "true" | readonly string[];

/** The declaration of a command's argument. */
export interface Argument {
  readonly type: ArgumentType;
  /** For the documentation. */
  readonly description: string;
  /** May also be passed by itself instead of as a field of an object. */
  readonly alone?: true;
}

/** Arguments by the names of their fields. */
export type Arguments = Readonly<Record<string, Argument>>;

/** The person or conversation that a command is about. */
export const contactArgument = {
  type: "contact",
  description: "Name of a contact; `everyone` where that makes sense.",
  alone: true,
} as const satisfies Argument;

/** Returns the arguments without fields of the first object that have a wrong type: these count as missing. */
export function checkedArguments(declared: Arguments, [first, ...others]: readonly unknown[]): unknown[] {
  if (typeof first !== "object" || first === null || Array.isArray(first) || isRow(first)) return [first, ...others];
  const fits = ([name, value]: [string, unknown]): boolean => {
    const argument = Object.hasOwn(declared, name) ? declared[name] : undefined;
    return argument === undefined || isOfType(argument.type, value);
  };
  const entries = Object.entries(first);
  return [entries.every(fits) ? first : Object.fromEntries(entries.filter(fits)), ...others];
}

function isOfType(type: ArgumentType, value: unknown): boolean {
  if (type === "true") return value === true;
  if (type === "number") return typeof value === "number";
  return typeof value === "string" && (typeof type === "string" || type.includes(value));
}

/** Returns whom a command is about; without `conversation` the name has yet to be looked up. */
export interface Target {
  readonly name: string;
  readonly conversation?: ConversationId;
}

/** Reads a name; an object with `name`, `user` or `to`; or a row of the Contacts tree. */
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

/** Whether it is a row of the Contacts tree, chosen by a person in a menu. */
export function isRow(given: unknown): boolean {
  return field(given, "contact") !== undefined;
}

/** Returns the text field `key` of an object; undefined if there is none. */
export function textOf(given: unknown, key: string): string | undefined {
  const value = field(given, key);
  return typeof value === "string" ? value : undefined;
}

export function numberOf(given: unknown, key: string): number | undefined {
  const value = field(given, key);
  return typeof value === "number" ? value : undefined;
}

/** Whether the field `key` is true. */
export function isSet(given: unknown, key: string): boolean {
  return field(given, key) === true;
}

/** Returns the argument if it is a text, or its field `text`. */
export function wordsOf(given: unknown): string | undefined {
  return typeof given === "string" ? given : textOf(given, "text");
}

function field(given: unknown, key: string): unknown {
  if (typeof given !== "object" || given === null || !Object.hasOwn(given, key)) return undefined;
  return (given as Record<string, unknown>)[key];
}
