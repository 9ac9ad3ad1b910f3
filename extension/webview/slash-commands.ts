// The commands after a `/` at the beginning of a text, and what they mean. No DOM.

import type { texts } from "./texts.ts";

export interface SlashCommand {
  readonly name: keyof typeof texts.slash;
  /** Takes a text as its argument. */
  readonly takesWords: boolean;
  /** Not available in the conversation with everyone. */
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

/** Returns undefined if the text is a message, such as `//words` or `/unknown`. */
export function slashOf(text: string): Slash | undefined {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/u.exec(text.trimEnd());
  const command = match && slashCommands.find((each) => each.name === match[1]);
  return command ? { command, rest: (match[2] ?? "").trim() } : undefined;
}

/** Turns `/me waves` into emphasis; any other text is returned unchanged. */
export function spoken({ rest }: Slash): string {
  return rest === "" ? "" : `*${rest.replaceAll(/([*\\])/gu, "\\$1").replaceAll(/\s+/gu, " ")}*`;
}
