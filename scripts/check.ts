// `npm run check`: every check that does not run the product, fastest first. Stops at the first failure.

import { performance } from "node:perf_hooks";
import { runNode, toolFile } from "./run.ts";

const checks: readonly (readonly [string, readonly string[]])[] = [
  ["format", [toolFile("prettier"), "--check", "--log-level", "warn", "."]],
  ["types", [toolFile("typescript", "tsc"), "-b"]],
  ["generated", ["scripts/generate.ts", "--check"]],
  ["lint", [toolFile("eslint"), "--max-warnings", "0", "."]],
  [
    "directions",
    [toolFile("dependency-cruiser", "depcruise"), "protocol", "base", "server", "daemon", "client", "cli", "extension"],
  ],
  ["dead code", [toolFile("knip")]],
  ["documents", ["scripts/check-docs.ts"]],
  ["texts", ["scripts/texts.ts", "--check"]],
  ["package", ["scripts/check-package.ts"]],
];

for (const [name, args] of checks) {
  const startMs = performance.now();
  console.log(`— ${name}`);
  await runNode(args);
  console.log(`  ${((performance.now() - startMs) / 1_000).toFixed(1)} s`);
}
