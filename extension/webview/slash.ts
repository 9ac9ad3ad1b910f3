// What may be written behind a `/` at the beginning, and what it means. No DOM.

export interface SlashCommand {
  readonly name: string;
  /** What follows it. */
  readonly takes: string;
  readonly says: string;
  /** Makes no sense where one writes to everyone. */
  readonly person: boolean;
}

export const slashCommands: readonly SlashCommand[] = [
  { name: "me", takes: "words", says: "Say what you do, in italics", person: false },
  { name: "code", takes: "", says: "Put the selection of the last editor into the message", person: false },
  { name: "search", takes: "words", says: "Search in this chat", person: false },
  { name: "away", takes: "words", says: "Show yourself as away", person: false },
  { name: "direct", takes: "", says: "Connect directly, without the server in between", person: true },
  { name: "mute", takes: "", says: "No notifications for this chat", person: false },
  { name: "block", takes: "", says: "Take no messages from this person", person: true },
  { name: "help", takes: "", says: "Show what can be written", person: false },
];

export interface Slash {
  readonly command: SlashCommand;
  readonly rest: string;
}

/** Undefined where the text is a message: `//words` is one that begins with a slash, and so is `/unknown`. */
export function slashOf(text: string): Slash | undefined {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/u.exec(text.trimEnd());
  const command = match && slashCommands.find((each) => each.name === match[1]);
  return command ? { command, rest: (match[2] ?? "").trim() } : undefined;
}

/** `/me waves` becomes emphasis; anything else stays what it is. */
export function spoken({ rest }: Slash): string {
  return rest === "" ? "" : `*${rest.replaceAll(/([*\\])/gu, "\\$1").replaceAll(/\s+/gu, " ")}*`;
}
