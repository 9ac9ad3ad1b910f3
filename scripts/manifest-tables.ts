// The tables of docs/extension.md, from the declarations of commands and settings.

import type { Argument } from "../extension/commands/command-arguments.ts";
import type { CommandDeclaration } from "../extension/commands/command.ts";
import type { SettingDefinition } from "../extension/settings/setting.ts";

/** As the palette lists them. */
export function commandTable(commands: readonly CommandDeclaration[]): string {
  return table(
    ["command", "id", "arguments", "what it does"],
    byTitle(commands).map(({ title, id, arguments: given = {}, description }) => [
      title,
      `\`${id}\``,
      argumentsOf(given),
      description,
    ]),
  );
}

/** One row for each meaning of a name; where it has several, it says in which commands. */
export function argumentTable(commands: readonly CommandDeclaration[]): string {
  const meanings = new Map<string, { name: string; argument: Argument; titles: string[] }>();
  for (const { title, arguments: given = {} } of byTitle(commands)) {
    for (const [name, argument] of Object.entries(given)) {
      const key = JSON.stringify([name, argument.type, argument.description]);
      const meaning = meanings.get(key) ?? { name, argument, titles: [] };
      meaning.titles.push(title);
      meanings.set(key, meaning);
    }
  }
  const all = [...meanings.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
  return table(
    ["argument", "type", "meaning"],
    all.map(({ name, argument, titles }) => {
      const isAmbiguous = all.filter((each) => each.name === name).length > 1;
      return [
        `\`${name}\``,
        typeWords(argument.type),
        `${isAmbiguous ? `${titles.join(", ")}: ` : ""}${argument.description}`,
      ];
    }),
  );
}

export function keyTable(commands: readonly CommandDeclaration[]): string {
  return table(
    ["keys (on a Mac Cmd instead of Ctrl)", "command"],
    byTitle(commands).flatMap(({ title, keybinding }) =>
      keybinding === undefined ? [] : [[keyWords(keybinding.key), title]],
    ),
  );
}

/** As the settings editor shows them. */
export function settingTable(settings: Readonly<Record<string, SettingDefinition>>): string {
  const rows = Object.entries(settings).sort(([, a], [, b]) => a.order - b.order);
  return table(
    ["setting", "default", "meaning"],
    rows.map(([name, definition]) => {
      const { description, markdownDescription, documentation } = definition;
      const options = definition.type === "choice" ? Object.entries(definition.options) : [];
      const value = definition.default;
      return [
        `\`chatRoom.${name}\``,
        `\`${typeof value === "string" ? value : JSON.stringify(value)}\``,
        [
          description ?? markdownDescription ?? "",
          ...options.map(([option, { description: words }]) => `\`${option}\`: ${words}`),
          documentation ?? "",
        ]
          .filter((each) => each !== "")
          .join(" "),
      ];
    }),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function byTitle(commands: readonly CommandDeclaration[]): CommandDeclaration[] {
  return commands.toSorted((a, b) => a.title.localeCompare(b.title, "en"));
}

/** Those that may be given alone, and then all as fields of an object. */
function argumentsOf(given: Readonly<Record<string, Argument>>): string {
  const fields = Object.entries(given);
  if (fields.length === 0) return "";
  const alone = fields.filter(([, { alone: isAlone }]) => isAlone).map(([name]) => name);
  const shown = fields.map(([name, { type }]) => (type === "true" ? `${name}: true` : name)).join(", ");
  return [...(alone.length > 0 ? [alone.join(", ")] : []), `\`{ ${shown} }\``].join("; or ");
}

function typeWords(type: Argument["type"]): string {
  return typeof type === "string" ? type : type.map((each) => `\`${each}\``).join(", ");
}

/** `ctrl+k h` is `Ctrl+K H`. */
function keyWords(key: string): string {
  return key.replace("ctrl", "Ctrl").replaceAll(/\b[a-z]\b/g, (letter) => letter.toUpperCase());
}
