// The table of all commands and options: what they accept, their help texts, and their completions. Arguments are checked
// against it, and the usage and the shell completions are generated from it.

/** What kind of value completes a word; a list: one of these words. */
export type Completes = "contact" | "account" | "file" | "command" | readonly string[];

export interface Option {
  /** Name of the value; absent for a switch. */
  readonly value?: string;
  readonly says: string;
  readonly completes?: Completes;
  /** The option that it requires. */
  readonly needs?: string;
  /** The option that it contradicts. */
  readonly excludes?: string;
}

export const options = {
  json: { says: "for scripts: JSON instead of text (docs/command-line.md)" },
  code: { value: "LANGUAGE", says: "it is code, in that language; a diff is known by itself" },
  text: { says: "it is prose in Markdown, however many lines it has", excludes: "code" },
  split: { says: "what is too long for one message goes as several of whole lines" },
  everyone: { says: "in place of NAME: what is sent to everyone" },
  all: { says: "every conversation", excludes: "everyone" },
  with: { value: "NAME", says: "only the messages with NAME", completes: "contact", excludes: "everyone" },
  limit: { value: "N", says: "how many messages (default 20, at most 500, of search 200)" },
  mid: { value: "MID", says: "that message (history --json says its mid), not the last that you sent" },
  server: { value: "HOST:PORT", says: "the server" },
  user: { value: "NAME", says: "the user name" },
  pin: { value: "PIN", says: "the key that the server must have, for the first time without a question" },
  register: { says: "make the account first" },
  invite: {
    value: "CODE",
    says: "the invitation, with --register; others here can see it",
    needs: "register",
    excludes: "invite-stdin",
  },
  "invite-stdin": {
    says: "read it from the standard input, behind the password",
    needs: "register",
  },
  "password-stdin": { says: "read the password from the standard input" },
  uses: { value: "N", says: "for so many accounts (default 1, at most 100)" },
  days: { value: "N", says: "good for so many days (default 7, at most 30)" },
  as: { says: "also the file of another account, as your own" },
  yes: { says: "without a question" },
  wait: { says: "wait until the message has left this machine; 3 if it has not" },
  timeout: { value: "SECONDS", says: "with --wait, for how long (default 30)", needs: "wait" },
} as const satisfies Readonly<Record<string, Option>>;
export type OptionName = keyof typeof options;

export interface Word {
  readonly shown: string;
  readonly completes?: Completes;
  readonly optional?: true;
  /** May be repeated. */
  readonly many?: true;
  /** Options that can take its place: one of them, or the word. */
  readonly or?: readonly OptionName[];
}

export interface Command {
  readonly words: readonly Word[];
  readonly options: readonly OptionName[];
  readonly says: string;
}

const someone: Word = { shown: "NAME", completes: "contact" };
const someoneOrEveryone: Word = { ...someone, or: ["everyone"] };
const text: Word = { shown: "TEXT", many: true };
const textOrPiped: Word = { shown: "TEXT | -", many: true };
const file: Word = { shown: "FILE", completes: "file" };

function optional(word: Word): Word {
  return { ...word, optional: true };
}

function oneOf(...words: readonly string[]): Word {
  return { shown: words.join("|"), completes: words };
}

function command(says: string, words: readonly Word[] = [], taken: readonly OptionName[] = []): Command {
  return { words, options: taken, says };
}

export const shells = ["bash", "zsh", "fish"] as const;

export const commands = {
  status: command("whether you are signed in, where, and with which status"),
  online: command("who is online now"),
  unread: command("which conversations have unread messages, and how many"),
  send: command(
    "send a message; without TEXT, or with -, what is piped in: several lines as a block of code",
    [someone, optional(textOrPiped)],
    ["code", "text", "split", "wait", "timeout"],
  ),
  broadcast: command("send to everyone who is online", [textOrPiped], ["code", "text", "split", "wait", "timeout"]),
  edit: command(
    "change the last message that you sent to NAME",
    [someoneOrEveryone, textOrPiped],
    ["everyone", "code", "text", "mid"],
  ),
  "delete-message": command(
    "take back the last message that you sent to NAME, on both sides",
    [someoneOrEveryone],
    ["everyone", "mid", "yes"],
  ),
  tail: command("print messages as they come, until interrupted", [optional(someoneOrEveryone)], ["everyone"]),
  history: command("print the last messages with somebody", [someoneOrEveryone], ["everyone", "limit"]),
  search: command("print messages that hold all the words", [text], ["everyone", "limit", "with"]),
  "mark-read": command(
    "mark what is unread as read",
    [{ ...someoneOrEveryone, or: ["everyone", "all"] }],
    ["everyone", "all"],
  ),
  mute: command("no notifications and no count of that conversation", [someoneOrEveryone], ["everyone"]),
  unmute: command("notifications again", [someoneOrEveryone], ["everyone"]),
  export: command(
    "write the history, or the conversation with NAME, to a new file (- is the standard output)",
    [file, optional(someoneOrEveryone)],
    ["everyone"],
  ),
  import: command("bring an exported history in; doing it again changes nothing", [file], ["as"]),
  "delete-conversation": command(
    "delete all messages with NAME on this machine",
    [someoneOrEveryone],
    ["everyone", "yes"],
  ),
  block: command("take no messages from somebody", [someone]),
  unblock: command("take them again", [someone]),
  invite: command("make an invitation for somebody who has no account, and print its link", [], ["uses", "days"]),
  login: command(
    "sign in; asks for what is not given",
    [],
    ["server", "user", "pin", "register", "invite", "invite-stdin", "password-stdin"],
  ),
  logout: command("sign out; the history stays"),
  accounts: command("the accounts of this machine, and which of them is in use"),
  switch: command("use another account of this machine; those that are signed in need no password", [
    { shown: "USER[@SERVER]", completes: "account" },
  ]),
  trust: command("trust the key of that server, also instead of the one it had before", [
    { shown: "HOST:PORT" },
    { shown: "PIN", optional: true },
  ]),
  connect: command("ask NAME, and talk directly from daemon to daemon", [someone]),
  disconnect: command("go through the server again", [someone]),
  address: command("ask NAME, and show where they can be reached directly", [someone]),
  verify: command("compare the safety number with NAME; also accept a changed key", [someone]),
  requests: command("who asks to talk to you directly"),
  answer: command("give your word on that", [someone, oneOf("once", "always", "deny", "stop", "block")]),
  revoke: command('take an "always" back', [someone]),
  doctor: command("what works and what does not, to show to somebody who helps"),
  stop: command("end the daemon"),
  completion: command("print what makes that shell complete commands, options and names", [
    { ...oneOf(...shells), many: true },
  ]),
  help: command("print this, or what there is to say of one command", [
    { shown: "COMMAND", completes: "command", optional: true },
  ]),
} as const satisfies Readonly<Record<string, Command>>;
export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as readonly CommandName[];

/** Returns the options that are accepted besides `--help` and `--version`. */
export function optionsOf(name: CommandName): readonly OptionName[] {
  const { options: own }: Command = commands[name];
  return [...own, "json"];
}

/**
 * Returns the syntax: `edit (NAME | --everyone) (TEXT | -)`. @param whole with the options that can take the place of a
 * word
 */
export function syntaxOf(name: CommandName, whole = true): string {
  const { words }: Command = commands[name];
  return [name, ...words.map((word) => shownWord(whole ? word : { ...word, or: [] }))].join(" ");
}

function shownWord({ shown, optional: isOptional, or = [] }: Word): string {
  const choice = [shown, ...or.map((name) => `--${name}`)].join(" | ");
  if (isOptional === true) return `[${choice}]`;
  return choice.includes(" ") ? `(${choice})` : choice;
}

export function isCommand(given: string | undefined): given is CommandName {
  return given !== undefined && Object.hasOwn(commands, given);
}
