// Checks docs/server.md against server/: every option, metric and event is in a table there, and nothing else. Returns what
// is wrong; check-docs.ts runs it with the others.

/**
 * @param text of all files of server/, and of base/, which logs on its behalf
 * @param document docs/server.md
 * @param options of `serve`, with their dashes
 */
export function checkServerDocs(text: string, document: string, options: Iterable<string>): string[] {
  return [
    ...compare("the option", new Set(options), named(section(document, "Options of `serve`"))),
    ...compare("the metric", all(text, /"(chat_room_\w+)"/g), named(section(document, "Metrics"))),
    ...compare("the event", all(text, /\blog(?:\.\w+|\[level\])\(\s*"(\w+)"/g), named(section(document, "Log"))),
  ];
}

function compare(what: string, inCode: ReadonlySet<string>, inDocument: ReadonlySet<string>): string[] {
  return [
    ...[...inCode]
      .filter((name) => !inDocument.has(name))
      .map((name) => `docs/server.md does not list ${what} ${name}`),
    ...[...inDocument]
      .filter((name) => !inCode.has(name))
      .map((name) => `docs/server.md lists ${what} ${name}, the code has none`),
  ];
}

/** The names in the first column of its table. */
function named(text: string): Set<string> {
  return all(text, /^\| `([^`]+)`/gm);
}

function all(text: string, pattern: RegExp): Set<string> {
  return new Set(Array.from(text.matchAll(pattern), ([, name = ""]) => name));
}

function section(document: string, title: string): string {
  const [, rest = ""] = document.split(`\n## ${title}\n`);
  return rest.split("\n## ")[0] ?? "";
}
