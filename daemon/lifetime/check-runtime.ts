// Checks that the runtime has what the daemon needs, before anything is loaded that would fail without it. The runtime is
// VS Code's, or the Node that runs the command line.

import { isBuiltin } from "node:module";

/** @returns a text for the person if something is missing */
export function missingRuntimeFeatures(
  has: (module: string) => boolean = isBuiltin,
  runtime: string = process.version,
  searches: () => boolean = hasFullTextSearch,
): string | undefined {
  const lacks = !has("node:sqlite") ? "SQLite" : !searches() ? "full-text search in its SQLite" : undefined;
  if (lacks === undefined) return undefined;
  return (
    `The runtime that starts the daemon (Node ${runtime}) has no ${lacks}. ` +
    "Use VS Code 1.106 or newer, or Node 22.15 or newer for the command line."
  );
}

/** Node 22.13 and 22.14 built SQLite without it. */
function hasFullTextSearch(): boolean {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(":memory:");
  try {
    database.exec("CREATE VIRTUAL TABLE probe USING fts5(words)");
    return true;
  } catch {
    return false;
  } finally {
    database.close();
  }
}
