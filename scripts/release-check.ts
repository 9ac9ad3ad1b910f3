// `npm run release-check`: checks what a change may leave open and a release may not. Texts without a translation are shown
// in English, and translations of texts that no longer exist are unused: both are listed by file. The owner of the
// repository is known only to the publisher: until the name is filled in, the links and pictures of the README lead
// nowhere, and nobody is asked to review.

import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gapsIn } from "../test/support/translation-gaps.ts";
import { root } from "./run.ts";

const problems = gapsIn(root).flatMap(({ file, missing, idle }) => [
  `${file}:`,
  ...missing.map((key) => `  missing: ${key}`),
  ...idle.map((key) => `  idle: ${key}`),
]);

/** Placeholder for the repository's owner until somebody publishes it. All files that contain it are listed. */
const placeholder = "_OWNER_";
for (const file of globSync(["package.json", ".github/**/*"], { cwd: root }).sort()) {
  if (statSync(join(root, file)).isDirectory()) continue;
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.includes(placeholder)) problems.push(`${file}:${index + 1}: put in the owner of the repository`);
  }
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}
