// The texts of `--help` and `help COMMAND`, generated from the table.

import { commandNames, commands, options, optionsOf, syntaxOf } from "./command-table.ts";
import type { CommandName, Option, OptionName } from "./command-table.ts";

const optionNames = Object.keys(options) as readonly OptionName[];

export function usage(): string {
  return `Usage: chat-room COMMAND [options]

Talk from the terminal; the same session, contacts and history as in the editor.

${commandNames.map((name) => line(syntaxOf(name, false), commands[name].says)).join("\n")}

Options
${optionNames.map((name) => line(shownOption(name), `${takers(name)}${options[name].says}`)).join("\n")}
${line("-h, --help", "print this; behind a command what there is to say of it")}
${line("--version", "print the version")}

  git diff | chat-room send alice -

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 (--wait) not sent yet.
`;
}

export function usageOfCommand(name: CommandName): string {
  const own = optionsOf(name).map((option) => line(shownOption(option), options[option].says));
  return `Usage: chat-room ${syntaxOf(name)} [options]

${sentence(commands[name].says)}

Options
${own.join("\n")}
`;
}

function takers(option: OptionName): string {
  const names = commandNames.filter((name) => optionsOf(name).includes(option));
  return names.length > maxNamed ? "" : `${names.join(", ")}: `;
}

function shownOption(name: OptionName): string {
  const { value }: Option = options[name];
  if (name === "code") return `--code[=${value ?? ""}]`;
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** An option of more commands than this is listed without their names. */
const maxNamed = 4;
const columns = 25;

function line(left: string, right: string): string {
  return left.length < columns ? `  ${left.padEnd(columns)}${right}` : `  ${left}\n  ${" ".repeat(columns)}${right}`;
}

function sentence(says: string): string {
  return `${says.slice(0, 1).toUpperCase()}${says.slice(1)}.`;
}
