// `node scripts/texts.ts` collects every text that the extension passes to `t`, and every sentence of a daemon or a server
// that a window may show, into l10n/bundle.l10n.json, the list for translators; `--check` only reports whether it is up to
// date. A text must be a literal where it is used: one that is assembled at run time could not be translated.

import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./run.ts";
import { collectSentences } from "../test/support/sentences.ts";

const bundleFile = join(root, "l10n", "bundle.l10n.json");

/** @throws if `t` is called with anything but a literal */
function collectTexts(): Record<string, string> {
  const found = new Set(collectSentences());
  for (const file of globSync("extension/**/*.ts", { cwd: root }).sort()) collectFrom(file, found);
  return Object.fromEntries([...found].sort().map((text) => [text, text]));
}

/** Reads the stored bundle; empty if there is none. */
function keptTexts(): Record<string, string> {
  return existsSync(bundleFile) ? (JSON.parse(readFileSync(bundleFile, "utf8")) as Record<string, string>) : {};
}

function collectFrom(file: string, found: Set<string>): void {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.ESNext, true);
  const isOurs = /import \{[^}]*\bt\b[^}]*\} from "[./\w-]*l10n\.ts"/.test(source.text);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "t") {
      const [text] = node.arguments;
      if (text === undefined || !ts.isStringLiteralLike(text)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        throw new Error(`${file}:${line + 1}: t wants a text that is written out`);
      }
      found.add(text.text);
    }
    ts.forEachChild(node, visit);
  };
  if (isOurs) visit(source);
}

const collected = JSON.stringify(collectTexts(), null, 2);
if (!process.argv.includes("--check")) writeFileSync(bundleFile, `${collected}\n`);
else if (collected !== JSON.stringify(keptTexts(), null, 2)) {
  console.error("l10n/bundle.l10n.json is out of date. Run: node scripts/texts.ts");
  process.exitCode = 1;
}
