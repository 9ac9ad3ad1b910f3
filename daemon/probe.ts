// What the daemon needs of the runtime it was started on, looked for before anything is loaded that would fail without
// it: the runtime is VS Code's or whatever Node runs the command line.

import { isBuiltin } from "node:module";

/** @returns a sentence for a person where something is missing */
export function whatIsMissing(
  has: (module: string) => boolean = isBuiltin,
  runtime: string = process.version,
): string | undefined {
  if (has("node:sqlite")) return undefined;
  return (
    `The runtime that starts the background process (Node ${runtime}) has no SQLite. ` +
    "Use VS Code 1.106 or newer, or Node 22.13 or newer for the command line."
  );
}
