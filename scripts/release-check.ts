// `npm run release-check`: which texts have no translation yet, and which translations are of a text that is no more, by
// file. English comes first: a change may leave them so, since what is missing is shown in English; a release should not.

import { gapsIn } from "../test/support/translation-gaps.ts";
import { root } from "./run.ts";

const gaps = gapsIn(root);
for (const { file, missing, idle } of gaps) {
  console.error(
    [`${file}:`, ...missing.map((key) => `  missing: ${key}`), ...idle.map((key) => `  idle: ${key}`)].join("\n"),
  );
}
if (gaps.length > 0) process.exitCode = 1;
