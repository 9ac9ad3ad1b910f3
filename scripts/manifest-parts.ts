// What package.json and package.nls.json say of commands and settings, from their declarations.

import { menus } from "../extension/commands/command.ts";
import type { CommandDeclaration } from "../extension/commands/command.ts";
import type { SettingDefinition } from "../extension/settings/setting.ts";

type Settings = Readonly<Record<string, SettingDefinition>>;
type Texts = Record<string, string>;

interface Item {
  readonly command: string;
  readonly when: string | undefined;
  readonly group?: string;
}

export function commandContributions(commands: readonly CommandDeclaration[]): object {
  return {
    commands: commands.map(({ id, icon, enablement }) => ({
      command: id,
      title: `%${textOf(id)}%`,
      category: "Chat Room",
      icon: icon === undefined ? undefined : `$(${icon})`,
      enablement,
    })),
    keybindings: commands.flatMap(({ id, keybinding }) =>
      keybinding === undefined
        ? []
        : [
            {
              command: id,
              key: keybinding.key,
              mac: keybinding.key.replaceAll("ctrl+", "cmd+"),
              when: keybinding.when,
            },
          ],
    ),
    menus: {
      commandPalette: commands.flatMap(({ id, palette }) =>
        palette === undefined ? [] : [{ command: id, when: palette === false ? "false" : palette }],
      ),
      ...Object.fromEntries(
        Object.entries(menus).map(([name, { id }]) => [id, itemsOf(commands, name as keyof typeof menus)]),
      ),
    },
  };
}

export function commandTexts(commands: readonly CommandDeclaration[]): Texts {
  return Object.fromEntries(commands.map(({ id, title }) => [textOf(id), title]));
}

export function settingContributions(settings: Settings): object {
  return Object.fromEntries(
    Object.entries(settings).map(([name, definition]) => {
      const { scope = "application", ignoreSync, order, description, markdownDescription } = definition;
      const key = `setting.${name}`;
      return [
        `chatRoom.${name}`,
        {
          ...valuesOf(name, definition),
          default: definition.default,
          scope,
          ignoreSync,
          order,
          description: description === undefined ? undefined : `%${key}%`,
          markdownDescription: markdownDescription === undefined ? undefined : `%${key}%`,
        },
      ];
    }),
  );
}

export function settingTexts(settings: Settings): Texts {
  const texts = Object.entries(settings).flatMap(([name, definition]) => {
    const options = definition.type === "choice" ? Object.entries(definition.options) : [];
    return [
      [`setting.${name}`, definition.description ?? definition.markdownDescription ?? ""],
      ...options.map(([value, option]) => [optionTextOf(name, value, option), option.description]),
    ];
  });
  return Object.fromEntries(texts) as Texts;
}

function itemsOf(commands: readonly CommandDeclaration[], place: keyof typeof menus): Item[] {
  const items = commands.flatMap(({ id, menus: declared }) =>
    [declared?.[place] ?? []].flat().map(({ group, when }) => {
      const conditions = [menus[place].when, when].filter((each) => each !== undefined);
      return { command: id, when: conditions.length === 0 ? undefined : conditions.join(" && "), group };
    }),
  );
  return items.sort((a, b) => a.group.localeCompare(b.group, "en", { numeric: true }));
}

/** What may be its value, as JSON schema. */
function valuesOf(name: string, definition: SettingDefinition): object {
  switch (definition.type) {
    case "choice": {
      const options = Object.entries(definition.options);
      return {
        type: "string",
        enum: options.map(([value]) => value),
        enumDescriptions: options.map(([value, option]) => `%${optionTextOf(name, value, option)}%`),
      };
    }
    case "integer":
      return { type: "integer", minimum: definition.minimum, maximum: definition.maximum };
    case "texts":
      return {
        type: "array",
        items: { type: "string", minLength: 1, maxLength: definition.maxLength },
        maxItems: definition.maxItems,
        uniqueItems: true,
      };
    case "boolean":
    case "string":
      return { type: definition.type };
  }
}

function textOf(id: string): string {
  return id.replace("chatRoom.", "command.");
}

function optionTextOf(name: string, value: string, { key = value }: { readonly key?: string }): string {
  return `setting.${name}.${key}`;
}
