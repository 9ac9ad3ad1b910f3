// `npm run release-check`: what a change may leave undone and a release may not. Texts without a translation are shown in
// English, and translations of a text that is no more lie idle: both are listed by file. The repository is known to whoever
// publishes; until its owner stands in package.json, the links and pictures of the README lead nowhere.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gapsIn } from "../test/support/translation-gaps.ts";
import { root } from "./run.ts";

const problems = gapsIn(root).flatMap(({ file, missing, idle }) => [
  `${file}:`,
  ...missing.map((key) => `  missing: ${key}`),
  ...idle.map((key) => `  idle: ${key}`),
]);

const { repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { repository: { url: string } };
if (repository.url.includes("_OWNER_")) {
  problems.push(`package.json: repository is ${repository.url}: put in the owner and the name of the repository`);
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}
