// The command line as a value: what was asked for, or what is wrong with it.

import { parseArgs } from "node:util";
import { isPin } from "../../protocol/pin.ts";
import { messageOf } from "../error-words.ts";

export const commandNames = [
  "status",
  "online",
  "send",
  "broadcast",
  "tail",
  "history",
  "search",
  "export",
  "import",
  "delete-conversation",
  "block",
  "unblock",
  "login",
  "logout",
  "trust",
  "connect",
  "disconnect",
  "address",
  "verify",
  "requests",
  "answer",
  "revoke",
  "doctor",
  "stop",
] as const;
export type CommandName = (typeof commandNames)[number];

export interface Options {
  readonly json: boolean;
  readonly everyone: boolean;
  readonly limit: number;
  readonly with: string | undefined;
  readonly server: string | undefined;
  readonly user: string | undefined;
  readonly pin: string | undefined;
  readonly register: boolean;
  readonly invite: string | undefined;
  readonly passwordStdin: boolean;
  /** What is sent is code in that language, which may be empty; undefined where nothing is said of it. */
  readonly code: string | undefined;
  /** What is sent is prose, however many lines it has. */
  readonly text: boolean;
  /** What is too long for one message goes as several. */
  readonly split: boolean;
  /** Another account's file becomes this one's. */
  readonly as: boolean;
  /** Nobody is asked. */
  readonly yes: boolean;
  /** Until the message has left this machine, for at most so many seconds; undefined: as long as there is hope. */
  readonly waitSeconds: number | undefined;
}

export type Parsed =
  | {
      readonly kind: "command";
      readonly name: CommandName;
      readonly words: readonly string[];
      readonly options: Options;
    }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "wrong"; readonly reason: string };

/** How many words each command takes behind its name; the first of them is somebody or something, and never empty. */
const wordCounts: Readonly<Record<CommandName, { readonly min: number; readonly max: number; readonly what: string }>> =
  {
    status: none(),
    online: none(),
    send: { min: 1, max: Infinity, what: "NAME [TEXT | -] [--code[=LANGUAGE] | --text] [--split]" },
    broadcast: { min: 1, max: Infinity, what: "TEXT | - [--code[=LANGUAGE] | --text] [--split]" },
    tail: { min: 0, max: 1, what: "[NAME]" },
    history: { min: 0, max: 1, what: "NAME" },
    search: { min: 1, max: Infinity, what: "TEXT [--with NAME]" },
    export: { min: 1, max: 2, what: "FILE [NAME]" },
    import: { min: 1, max: 1, what: "FILE [--as]" },
    "delete-conversation": { min: 0, max: 1, what: "NAME [--yes]" },
    block: { min: 1, max: 1, what: "NAME" },
    unblock: { min: 1, max: 1, what: "NAME" },
    login: none(),
    logout: none(),
    trust: { min: 1, max: 2, what: "HOST:PORT [PIN]" },
    connect: { min: 1, max: 1, what: "NAME" },
    disconnect: { min: 1, max: 1, what: "NAME" },
    address: { min: 1, max: 1, what: "NAME" },
    verify: { min: 1, max: 1, what: "NAME" },
    requests: none(),
    answer: { min: 2, max: 2, what: "NAME once|always|deny|stop|block" },
    revoke: { min: 1, max: 1, what: "NAME" },
    doctor: none(),
    stop: none(),
  };

/** The options that some commands take; every command takes `--json`. */
const optionsOf: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  send: ["code", "text", "split", "wait", "timeout"],
  broadcast: ["code", "text", "split", "wait", "timeout"],
  tail: ["everyone"],
  history: ["everyone", "limit"],
  search: ["everyone", "limit", "with"],
  export: ["everyone"],
  import: ["as"],
  "delete-conversation": ["everyone", "yes"],
  login: ["server", "user", "pin", "register", "invite", "password-stdin"],
};

const maxHistory = 500;
const maxHits = 200;
const defaultLimit = 20;
const defaultWaitSeconds = 30;
const maxWaitSeconds = 24 * 60 * 60;

export function parseArguments(args: readonly string[]): Parsed {
  const read = readFlags(args);
  if (typeof read === "string") return wrong(read);
  const { values, positionals } = read;
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };

  const [given, ...words] = positionals;
  if (given === undefined) return wrong("Which command? See chat-room --help.");
  const name = commandNames.find((each) => each === given);
  if (name === undefined) return wrong(`There is no command "${given}". See chat-room --help.`);
  const { min, max, what } = wordCounts[name];
  const isNothing = name !== "broadcast" && words[0]?.trim() === "";
  if (words.length < min || words.length > max || isNothing) return wrong(`Usage: chat-room ${name} ${what}`.trim());
  const taken = ["json", ...(optionsOf[name] ?? [])];
  const strange = Object.keys(values).find((option) => !taken.includes(option));
  if (strange !== undefined) return wrong(`chat-room ${name} takes no --${strange}. See chat-room --help.`);
  const everyone = values.everyone === true;
  if (name === "history" && (words.length === 1) === everyone)
    return wrong("Usage: chat-room history NAME | --everyone");
  if (name === "delete-conversation" && (words.length === 1) === everyone)
    return wrong("Usage: chat-room delete-conversation NAME | --everyone");
  if (name === "export" && words.length === 2 && everyone)
    return wrong("Usage: chat-room export FILE [NAME | --everyone]");
  if (name === "tail" && words.length === 1 && everyone) return wrong("Usage: chat-room tail [NAME | --everyone]");
  if (everyone && values.with !== undefined) return wrong("Usage: chat-room search TEXT [--with NAME | --everyone]");
  if (values.text === true && values.code !== undefined) return wrong("--code and --text exclude each other.");
  if (values.invite !== undefined && values.register !== true) return wrong("--invite goes with login --register.");

  const pin = name === "trust" ? words[1] : values.pin;
  if (pin !== undefined && !isPin(pin)) return wrong("A pin has 43 letters, digits, - and _, without spaces.");

  const limit = Number(values.limit ?? defaultLimit);
  const maxLimit = name === "search" ? maxHits : maxHistory;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxLimit)
    return wrong(`--limit is a number from 1 to ${maxLimit}.`);
  if (values.timeout !== undefined && values.wait !== true) return wrong("--timeout goes with --wait.");
  const seconds = Number(values.timeout ?? defaultWaitSeconds);
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > maxWaitSeconds)
    return wrong(`--timeout is a number of seconds from 1 to ${maxWaitSeconds}.`);
  const options: Options = {
    json: values.json === true,
    everyone,
    limit,
    with: values.with,
    server: values.server,
    user: values.user,
    pin: values.pin,
    register: values.register === true,
    invite: values.invite,
    passwordStdin: values["password-stdin"] === true,
    code: values.code,
    text: values.text === true,
    split: values.split === true,
    as: values.as === true,
    yes: values.yes === true,
    waitSeconds: values.wait === true ? seconds : undefined,
  };
  return { kind: "command", name, words, options };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: withValues(args),
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        everyone: { type: "boolean" },
        limit: { type: "string" },
        with: { type: "string" },
        server: { type: "string" },
        user: { type: "string" },
        pin: { type: "string" },
        register: { type: "boolean" },
        invite: { type: "string" },
        "password-stdin": { type: "boolean" },
        code: { type: "string" },
        text: { type: "boolean" },
        split: { type: "boolean" },
        as: { type: "boolean" },
        yes: { type: "boolean" },
        wait: { type: "boolean" },
        timeout: { type: "string" },
        help: { type: "boolean" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    return messageOf(error);
  }
}

/** `--code` may stand without a language; what follows it is none. */
function withValues(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((arg, at) => (arg === "--code" && (end === -1 || at < end) ? "--code=" : arg));
}

function none() {
  return { min: 0, max: 0, what: "" };
}

function wrong(reason: string): Parsed {
  return { kind: "wrong", reason };
}
