// Wrong documents are worse than none: error table, numbered rules, options, commands and links are checked against the
// code and the tests.

import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commandNames, options as cliOptions } from "../cli/parse/command-table.ts";
import { errorTable } from "../protocol/errors.ts";
import { optionNames } from "../server/config/config.ts";
import { checkServerDocs } from "./check-server-docs.ts";
import { root } from "./run.ts";

const problems: string[] = [];
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const files = (pattern: string): string[] =>
  globSync(pattern, { cwd: root }).filter((file) => !/node_modules|dist/.test(file));

function checkErrorTable(protocol: string): void {
  const rows = new Map(
    [...protocol.matchAll(/^\| `(\w+)`\s*\| (yes|no)\s*\| (yes|no)\s*\| (\w+)\s*\| (.*?)\s*\|$/gm)].map((row) => [
      row[1],
      row,
    ]),
  );
  for (const [code, traits] of Object.entries(errorTable)) {
    const row = rows.get(code);
    const expected = [traits.retryable ? "yes" : "no", traits.shown ? "yes" : "no", traits.level, traits.reason].join(
      " | ",
    );
    if (row?.slice(2, 6).join(" | ") !== expected)
      problems.push(`docs/protocol.md: the row of ${code} should be ${expected}`);
  }
  for (const code of rows.keys()) {
    if (code !== undefined && !Object.hasOwn(errorTable, code))
      problems.push(`docs/protocol.md: ${code} is not in the table`);
  }
}

function checkRules(protocol: string): void {
  const rules = new Set([...protocol.matchAll(/\*\*\[(P-\d+\.\d+)\]\*\*/g)].map((match) => match[1]));
  const titles = files("test/**/*.test.ts").map(read).join("\n");
  const named = new Set(
    [...titles.matchAll(/\[((?:P-\d+\.\d+(?:, )?)+)\]/g)].flatMap((match) => match[1]?.split(", ")),
  );
  for (const rule of rules) if (!named.has(rule)) problems.push(`no test title names [${rule ?? ""}]`);
  const code = files("{protocol,base,server,daemon,cli,client,extension,test}/**/*.ts").map(read).join("\n");
  for (const [, rule] of code.matchAll(/\[(P-\d+\.\d+)\]/g)) {
    if (!rules.has(rule)) problems.push(`docs/protocol.md has no rule [${rule ?? ""}] that the code names`);
  }
}

function checkLinks(): void {
  for (const file of [...files("*.md"), ...files("docs/**/*.md")]) {
    for (const [, target] of read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)) {
      if (target !== undefined && !existsSync(join(root, dirname(file), target)))
        problems.push(`${file}: ${target} is missing`);
    }
  }
}

/** Every name that the glossary and the walk of a message give is one of the code. */
function checkNamesOfCode(): void {
  const sources = files("{protocol,base,server,daemon,cli,client,extension}/**/*.ts");
  const code = sources.map(read).join("\n");
  for (const row of read("docs/glossary.md").matchAll(/^\| (?!term |-)[^|]+\|[^|]+\|([^|]+)\|/gm)) {
    for (const [, name = ""] of (row[1] ?? "").matchAll(/`([^`(]+)[^`]*`/g)) {
      const isThere = name.endsWith("/") ? existsSync(join(root, name)) : new RegExp(`\\b${name}\\b`).test(code);
      if (!isThere) problems.push(`docs/glossary.md: ${name} is not in the code`);
    }
  }
  const walk = /### The same, file by file\n(.*?)\n## /s.exec(read("ARCHITECTURE.md"))?.[1] ?? "";
  for (const [, name = ""] of walk.matchAll(/`([a-z][a-z/-]+)`/g)) {
    const isThere = sources.some((file) => `/${file}`.endsWith(`/${name}.ts`)) || existsSync(join(root, name));
    if (!isThere && !name.endsWith("/"))
      problems.push(`ARCHITECTURE.md: the walk of a message names ${name}, which is no file`);
  }
}

function checkNamed(what: string, names: Iterable<string>, document: string): void {
  const text = read(document);
  for (const name of names) if (!text.includes(name)) problems.push(`${document} does not mention ${what} ${name}`);
}

/** Checks commands and settings that a document names by id. */
function checkIds(known: ReadonlySet<string>): void {
  for (const file of [...files("*.md"), ...files("docs/*.md")]) {
    for (const [, id = ""] of read(file).matchAll(/`(chatRoom\.\w+)`/g)) {
      if (!known.has(id)) problems.push(`${file} names ${id}, package.json does not`);
    }
  }
}

interface Manifest {
  contributes: {
    commands: { command: string }[];
    configuration: { properties: Record<string, unknown> };
  };
}

const protocol = read("docs/protocol.md");
const manifest = JSON.parse(read("package.json")) as Manifest;
const helpOf = (file: string): string[] => [...read(file).matchAll(/--[a-z][a-z-]+/g)].map((match) => match[0]);

checkErrorTable(protocol);
checkRules(protocol);
checkLinks();
checkNamesOfCode();
checkNamed("the option", new Set(files("server/{help,config,admin/*}.ts").flatMap(helpOf)), "docs/server.md");
problems.push(
  ...checkServerDocs(files("{server,base}/**/*.ts").map(read).join("\n"), read("docs/server.md"), [
    ...optionNames.map((name) => `--${name}`),
    "--config",
  ]),
);
const { commands, configuration } = manifest.contributes;
checkIds(new Set([...Object.keys(configuration.properties), ...commands.map(({ command }) => command)]));
checkNamed(
  "the command",
  commandNames.map((name) => `\`${name}`),
  "docs/command-line.md",
);
checkNamed(
  "the option",
  Object.keys(cliOptions).map((name) => `--${name}`),
  "docs/command-line.md",
);

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}
