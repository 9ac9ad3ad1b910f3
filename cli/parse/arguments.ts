// Parses the command line into a value, or says what is wrong with it.

import { parseArgs } from "node:util";
import { limits } from "../../protocol/limits.ts";
import { isPin } from "../../protocol/pin.ts";
import { messageOf } from "../../base/error-message.ts";
import { commandNames, commands, isCommand, options as optionTable, optionsOf, syntaxOf } from "./command-table.ts";
import type { Command, CommandName, Option, OptionName } from "./command-table.ts";

export interface Options {
  readonly json: boolean;
  readonly everyone: boolean;
  readonly all: boolean;
  readonly limit: number;
  readonly with: string | undefined;
  readonly mid: string | undefined;
  readonly server: string | undefined;
  readonly user: string | undefined;
  readonly pin: string | undefined;
  readonly register: boolean;
  readonly invite: string | undefined;
  readonly inviteStdin: boolean;
  readonly passwordStdin: boolean;
  /** The text is code in that language, which may be empty; undefined: not specified. */
  readonly code: string | undefined;
  /** The text is prose, however many lines it has. */
  readonly text: boolean;
  /** A text that is too long for one message is sent as several. */
  readonly split: boolean;
  /** Of an invitation; undefined: the server's default. */
  readonly uses: number | undefined;
  readonly days: number | undefined;
  /** Imports another account's file as this account's own. */
  readonly as: boolean;
  /** No confirmation. */
  readonly yes: boolean;
  /** Waits until the message has left this machine, at most this long; undefined: as long as an outcome can be expected. */
  readonly waitSeconds: number | undefined;
}

export type RunName = Exclude<CommandName, "help">;

export type Parsed =
  | { readonly kind: "command"; readonly name: RunName; readonly words: readonly string[]; readonly options: Options }
  /** For all commands, or for one. */
  | { readonly kind: "help"; readonly of: CommandName | undefined }
  | { readonly kind: "version" }
  | { readonly kind: "wrong"; readonly reason: string; readonly json: boolean };

type Values = Readonly<Partial<Record<OptionName | "help" | "version", string | boolean>>>;

const maxHistory = 500;
const maxHits = 200;
const defaultLimit = 20;
const defaultWaitSeconds = 30;
const maxWaitSeconds = 24 * 60 * 60;

export function parseArguments(args: readonly string[]): Parsed {
  const parsed = parse(args);
  return typeof parsed === "string" ? { kind: "wrong", reason: parsed, json: asksForJson(args) } : parsed;
}

/** @returns a text that says what is wrong */
function parse(args: readonly string[]): Parsed | string {
  const read = readFlags(args);
  if (typeof read === "string") return read;
  const { values, positionals } = read;
  if (values.version === true) return { kind: "version" };
  const [given, ...words] = positionals;
  if (given === "help" || values.help === true) return helpOf(given === "help" ? words[0] : given);
  if (given === undefined) return "Which command? See chat-room --help.";
  if (!isCommand(given) || given === "help") return noCommand(given);
  const options = readOptions(given, values);
  return wrongWords(given, words, values) ?? (typeof options === "string" ? options : run(given, words, options));
}

function run(name: RunName, words: readonly string[], options: Options): Parsed | string {
  const pin = name === "trust" ? words[1] : options.pin;
  if (pin !== undefined && !isPin(pin)) return "A pin has 43 letters, digits, - and _, without spaces.";
  return { kind: "command", name, words, options };
}

function helpOf(given: string | undefined): Parsed | string {
  return given === undefined || isCommand(given) ? { kind: "help", of: given } : noCommand(given);
}

function noCommand(given: string): string {
  const near = commandNames.filter((name) => given.length > 1 && (name.startsWith(given) || given.startsWith(name)));
  const meant = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
  return `There is no command "${given}".${meant} See chat-room --help.`;
}

/** Checks the number of words, also against an option that takes the place of a word. The first word must not be empty. */
function wrongWords(name: CommandName, words: readonly string[], values: Values): string | undefined {
  const { words: declared }: Command = commands[name];
  let max = 0;
  let min = 0;
  for (const { optional, many, or = [] } of declared) {
    const instead = or.filter((option) => values[option] === true).length;
    if (instead === 0) max += many === true ? Infinity : 1;
    if (instead === 0 && optional !== true) min += 1;
  }
  const isNothing = name !== "broadcast" && words[0]?.trim() === "";
  return words.length < min || words.length > max || isNothing ? usageOf(name) : undefined;
}

function usageOf(name: CommandName): string {
  return `Usage: chat-room ${syntaxOf(name)}${optionsOf(name).length > 1 ? " [options]" : ""}\nMore: chat-room help ${name}`;
}

/** @returns a text that says what is wrong */
function readOptions(name: CommandName, values: Values): Options | string {
  const given = Object.keys(values) as OptionName[];
  const strange = given.find((option) => !optionsOf(name).includes(option));
  if (strange !== undefined) return `chat-room ${name} takes no --${strange}. See chat-room help ${name}.`;
  for (const option of given) {
    const { needs, excludes }: Option = optionTable[option];
    if (needs !== undefined && !isGiven(needs)) return `--${option} goes with --${needs}.`;
    if (excludes !== undefined && isGiven(excludes)) return `--${excludes} and --${option} exclude each other.`;
  }
  const limit = Number(values.limit ?? defaultLimit);
  const maxLimit = name === "search" ? maxHits : maxHistory;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxLimit)
    return `--limit is a number from 1 to ${maxLimit}.`;
  const seconds = Number(values.timeout ?? defaultWaitSeconds);
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > maxWaitSeconds)
    return `--timeout is a number of seconds from 1 to ${maxWaitSeconds}.`;
  const uses = numberOf("uses", limits.maxInviteUses);
  if (typeof uses === "string") return uses;
  const days = numberOf("days", limits.maxInviteDays);
  if (typeof days === "string") return days;
  return {
    json: isSet("json"),
    everyone: isSet("everyone"),
    all: isSet("all"),
    limit,
    with: textOf("with"),
    mid: textOf("mid"),
    server: textOf("server"),
    user: textOf("user"),
    pin: textOf("pin"),
    register: isSet("register"),
    invite: textOf("invite"),
    inviteStdin: isSet("invite-stdin"),
    passwordStdin: isSet("password-stdin"),
    code: textOf("code"),
    text: isSet("text"),
    split: isSet("split"),
    uses,
    days,
    as: isSet("as"),
    yes: isSet("yes"),
    waitSeconds: isSet("wait") ? seconds : undefined,
  };

  /** @returns a text that says what is wrong */
  function numberOf(option: OptionName, max: number): number | string | undefined {
    const text = textOf(option);
    if (text === undefined) return undefined;
    const isGood = /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= max;
    return isGood ? Number(text) : `--${option} is a number from 1 to ${max}.`;
  }
  function isGiven(option: string): boolean {
    return Object.hasOwn(values, option);
  }
  function isSet(option: OptionName): boolean {
    return values[option] === true;
  }
  function textOf(option: OptionName): string | undefined {
    const value = values[option];
    return typeof value === "string" ? value : undefined;
  }
}

function readFlags(args: readonly string[]): { values: Values; positionals: string[] } | string {
  const known = Object.entries<Option>(optionTable).map(([name, { value }]) => {
    return [name, { type: value === undefined ? "boolean" : "string" }] as const;
  });
  try {
    const { values, positionals } = parseArgs({
      args: withValues(args),
      allowPositionals: true,
      options: {
        ...Object.fromEntries(known),
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
    return { values: { ...values }, positionals };
  } catch (error) {
    return messageOf(error);
  }
}

/** Used if the rest of the arguments cannot be parsed. */
function asksForJson(args: readonly string[]): boolean {
  return beforeEnd(args).includes("--json");
}

function beforeEnd(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

/** `--code` may be given without a language; the next argument is not its value. */
function withValues(args: readonly string[]): string[] {
  const { length } = beforeEnd(args);
  return args.map((arg, at) => (arg === "--code" && at < length ? "--code=" : arg));
}
