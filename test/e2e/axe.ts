// Asks axe-core about the page of a chat panel: which of the rules of WCAG 2.2, A and AA, and of its best practices does
// it break? The library is put into the frame from outside, so the page's own policy stays as it is.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Frame } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const options: RunOptions = {
  resultTypes: ["violations"],
  rules: {
    // A panel is a part of VS Code's page, which has the headings and landmarks.
    "page-has-heading-one": { enabled: false },
  },
};

/** One line for each element that breaks a rule. */
export async function violationsIn(frame: Frame): Promise<string[]> {
  if (!(await frame.evaluate(() => "axe" in globalThis))) await frame.evaluate(source);
  const { violations } = await frame.evaluate(async (given) => {
    // The panel lies on the editor's background, which is another document: here it is put where axe looks for it.
    const style = getComputedStyle(document.documentElement);
    document.documentElement.style.backgroundColor = style.getPropertyValue("--vscode-editor-background");
    const { axe } = globalThis as unknown as { axe: { run(options: unknown): Promise<AxeResults> } };
    return axe.run(given);
  }, options as object);
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => {
      const why = (failureSummary ?? "").split("\n").slice(1).join(" ").replaceAll(/\s+/g, " ").trim();
      return `${id} (${impact ?? "?"}): ${html.slice(0, 200)}: ${why}`;
    }),
  );
}
