// Collects the sentences of a daemon or a server that a window may show, from their sources: every literal that is a
// sentence, with `{0}` for inserted values, and each variant if a part is conditional. Texts for a log, a terminal or a
// file of the command line are left out.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..", "..");

const sources = [
  "base/**/*.ts",
  "client/**/*.ts",
  "protocol/**/*.ts",
  "daemon/**/*.ts",
  "server/{core,net,storage}/**/*.ts",
  "server/startup/{take-data-folder,start-errors}.ts",
];
/** Importing, and text that is typed at a terminal. */
const notShown = /^daemon\/(mentions\/|history\/import\/imports\.ts)|^protocol\/api\/archive-lines\.ts/;
const ofImport = /^Line \{0\}/;
const unseenCall = /(^|[.#])log\.\w+$|\b(prepare|exec|of|run)$/;
/** A subject that is passed as an argument and starts a sentence. */
const subject = /^The daemon( \(.*\))?$/;

export function collectSentences(): ReadonlySet<string> {
  const files = globSync(sources, { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  const wanted = files.filter((file) => !notShown.test(file)).sort();
  return new Set(wanted.flatMap((file) => sentencesIn(file, readFileSync(join(root, file), "utf8"))));
}

export function sentencesIn(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && unseenCall.test(node.expression.getText())) return;
    if (ts.isThrowStatement(node) && /\bTypeError\b/.test(node.getText())) return;
    const forms = isWords(node) ? formsOf(node) : undefined;
    if (forms) found.push(...forms.map(written).filter(isSentence));
    if (!forms || ts.isTemplateExpression(node)) ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true));
  return found;
}

/** Texts, with null for parts that are known only at run time. */
type Form = readonly (string | null)[];

function isWords(node: ts.Node): node is ts.Expression {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node);
}

/** Undefined if it is not a text. */
function formsOf(node: ts.Expression): readonly Form[] | undefined {
  if (ts.isParenthesizedExpression(node)) return formsOf(node.expression);
  if (ts.isStringLiteralLike(node)) return [[node.text]];
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [formsOf(node.whenTrue), formsOf(node.whenFalse)];
    return yes || no ? [...(yes ?? [[null]]), ...(no ?? [[null]])] : undefined;
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [formsOf(node.left), formsOf(node.right)];
    return left && right ? joined(left, right) : undefined;
  }
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.templateSpans.reduce<readonly Form[]>(
    (forms, span) => joined(joined(forms, formsOf(span.expression) ?? [[null]]), [[span.literal.text]]),
    [[node.head.text]],
  );
}

function joined(left: readonly Form[], right: readonly Form[]): readonly Form[] {
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

function written(form: Form): string {
  let arguments_ = 0;
  return form.map((part) => part ?? `{${arguments_++}}`).join("");
}

function isSentence(text: string): boolean {
  if (subject.test(text)) return true;
  if (ofImport.test(text) || /^[A-Z]{3,} /.test(text)) return false;
  const words = text.replaceAll(/\{\d\}/g, "").match(/\p{L}{2,}/gu)?.length ?? 0;
  return words >= 2 && /^["A-Z{]/.test(text) && (/[a-z)}][.?!]$/.test(text) || /[a-z}][.:] .*\{\d\}$/s.test(text));
}
