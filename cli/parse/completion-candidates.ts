// What can complete the command line that is being typed. Pure: the caller looks up the names.

import { commandNames, commands, isCommand, options, optionsOf } from "./command-table.ts";
import type { Command, Completes, Option, OptionName } from "./command-table.ts";

export interface Candidate {
  readonly text: string;
  /** For shells that show it. */
  readonly says?: string;
}

/** Candidates, or their kind. */
export type Wanted = readonly Candidate[] | Extract<Completes, "contact" | "account" | "file">;

/** @param words after the program's name; the last one is being typed, and may be empty */
export function wantedAt(words: readonly string[]): Wanted {
  const [name, ...rest] = words;
  if (name === undefined || rest.length === 0) return name?.startsWith("-") === true ? globalOptions : allCommands;
  if (!isCommand(name)) return [];
  const before = rest.slice(0, -1);
  const typed = rest.at(-1) ?? "";
  const isOver = before.includes("--");
  const last = before.at(-1);
  const valued = isOver ? undefined : valuedOption(last);
  if (valued) return wantedFor(valued.completes);
  if (typed.startsWith("-") && !isOver) return optionsLeft(name, before);
  const { words: declared }: Command = commands[name];
  const index = before.filter((word, at) => !word.startsWith("-") && !valuedOption(before[at - 1])).length;
  return wantedFor(declared[index]?.completes);
}

function wantedFor(completes: Completes | undefined): Wanted {
  if (completes === undefined) return [];
  if (completes === "command") return allCommands;
  return typeof completes === "string" ? completes : completes.map((text) => ({ text }));
}

const allCommands: readonly Candidate[] = commandNames.map((text) => ({ text, says: commands[text].says }));
const globalOptions: readonly Candidate[] = [{ text: "--help" }, { text: "--version" }];

function optionsLeft(name: keyof typeof commands, before: readonly string[]): Candidate[] {
  return [...optionsOf(name)]
    .map((option) => ({ text: `--${option}`, says: options[option].says }))
    .filter(({ text }) => !before.includes(text));
}

/** The value of `--code` is never a separate word. */
function valuedOption(word: string | undefined): Option | undefined {
  const name = word?.startsWith("--") === true ? word.slice(2) : "";
  if (name === "code" || !Object.hasOwn(options, name)) return undefined;
  const option: Option = options[name as OptionName];
  return option.value === undefined ? undefined : option;
}

/**
 * Whether a name, which somebody else may have chosen, is literal in every shell: no quote, no space, nothing that a shell
 * would run or expand.
 */
export function isHarmless(name: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.@:+-]*$/u.test(name);
}
