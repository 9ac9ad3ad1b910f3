// What may be written behind a `/` at the beginning, and what it means. No DOM.

import type { texts } from "./texts.ts";

export interface SlashCommand {
  readonly name: keyof typeof texts.slash;
  /** Words follow it. */
  readonly takesWords: boolean;
  /** Makes no sense in the conversation with everyone. */
  readonly person: boolean;
}

const slashCommands: readonly SlashCommand[] = [
  { name: "me", takesWords: true, person: false },
  { name: "code", takesWords: false, person: false },
  { name: "search", takesWords: true, person: false },
  { name: "away", takesWords: true, person: false },
  { name: "dnd", takesWords: true, person: false },
  { name: "back", takesWords: true, person: false },
  { name: "direct", takesWords: false, person: true },
  { name: "mute", takesWords: false, person: false },
  { name: "block", takesWords: false, person: true },
  { name: "help", takesWords: false, person: false },
];

export function slashCommandsFor(everyone: boolean): readonly SlashCommand[] {
  return slashCommands.filter((each) => !(everyone && each.person));
}

export interface Slash {
  readonly command: SlashCommand;
  readonly rest: string;
}

/** Undefined if the text is a message, as `//words` and `/unknown` are. */
export function slashOf(text: string): Slash | undefined {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/u.exec(text.trimEnd());
  const command = match && slashCommands.find((each) => each.name === match[1]);
  return command ? { command, rest: (match[2] ?? "").trim() } : undefined;
}

/** `/me waves` becomes emphasis; anything else stays what it is. */
export function spoken({ rest }: Slash): string {
  return rest === "" ? "" : `*${rest.replaceAll(/([*\\])/gu, "\\$1").replaceAll(/\s+/gu, " ")}*`;
}
