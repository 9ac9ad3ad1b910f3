// `npm run generate` writes what follows from the declarations of commands (extension/commands/) and settings
// (extension/settings/definitions.ts): their parts of package.json and package.nls.json, the tables of docs/extension.md, and
// the registry that the extension imports. `--check` only says which of these files is out of date.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import type { CommandDeclaration } from "../extension/commands/command.ts";
import { definitions } from "../extension/settings/definitions.ts";
import type { SettingDefinition } from "../extension/settings/setting.ts";
import { commandFiles } from "./declarations.ts";
import { commandContributions, commandTexts, settingContributions, settingTexts } from "./manifest-parts.ts";
import { argumentTable, commandTable, keyTable, settingTable } from "./manifest-tables.ts";
import { root } from "./run.ts";

type Texts = Readonly<Record<string, string>>;

const files = commandFiles();
const commands = await declaredCommands();
const settings: Readonly<Record<string, SettingDefinition>> = definitions;
const read = (file: string): string => (existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "");

async function declaredCommands(): Promise<CommandDeclaration[]> {
  const modules = [...files].map(async ([file, { names }]) => {
    const exported = (await import(`../extension/commands/${file}`)) as Record<string, CommandDeclaration>;
    return names.map((name) => {
      const declared = exported[name];
      if (declared === undefined) throw new Error(`extension/commands/${file}: export the command ${name}`);
      return declared;
    });
  });
  return (await Promise.all(modules)).flat().sort((a, b) => a.id.localeCompare(b.id, "en"));
}

function registry(): string {
  const declaring = [...files];
  return [
    "// Written by `npm run generate`: every command that a file of this folder declares.",
    "",
    ...declaring.map(([file, { names }]) => `import { ${names.join(", ")} } from "./${file}";`),
    "",
    "export const commands = [",
    ...declaring.flatMap(([, { names }]) => names.map((name) => `${name},`)),
    "];",
  ].join("\n");
}

function manifest(): string {
  const whole = JSON.parse(read("package.json")) as { contributes: object };
  const contributes = {
    ...whole.contributes,
    ...commandContributions(commands),
    configuration: { title: "Chat Room", properties: settingContributions(settings) },
  };
  return JSON.stringify({ ...whole, contributes });
}

/** Texts of views, welcomes and walkthroughs are written by hand. */
function manifestTexts(): string {
  const before = Object.entries(JSON.parse(read("package.nls.json")) as Texts);
  const byHand = before.filter(([key]) => !/^(command|setting)\./.test(key));
  return JSON.stringify({ ...commandTexts(commands), ...settingTexts(settings), ...Object.fromEntries(byHand) });
}

function documentation(): string {
  const tables = {
    commands: commandTable(commands),
    arguments: argumentTable(commands),
    keys: keyTable(commands),
    settings: settingTable(settings),
  };
  return Object.entries(tables).reduce((page, [name, table]) => {
    const place = new RegExp(`(<!-- generated: ${name} -->\n).*?(<!-- end -->)`, "s");
    if (!place.test(page)) throw new Error(`docs/extension.md has no place for ${name}`);
    return page.replace(place, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`);
  }, read("docs/extension.md"));
}

const written: readonly (readonly [file: string, text: string])[] = [
  ["extension/commands/registry.ts", registry()],
  ["package.json", manifest()],
  ["package.nls.json", manifestTexts()],
  ["docs/extension.md", documentation()],
];

for (const [file, text] of written) {
  const options = await prettier.resolveConfig(join(root, file));
  const formatted = await prettier.format(text, { ...options, filepath: join(root, file) });
  if (formatted === read(file)) continue;
  if (process.argv.includes("--check")) {
    console.error(`${file} is out of date: run npm run generate.`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, file), formatted);
    console.log(`${file} is written`);
  }
}
