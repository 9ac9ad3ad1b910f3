// Where commands and settings are declared (`command({…})`, `setting({…})`), for the generator and for the bundles. A bundle
// keeps of a declaration what its program reads; the rest is for the manifest and the documentation, and a window that waits
// for the activation should not compile it.

import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { root } from "./run.ts";

/** What stays in a bundle. */
const kept: Readonly<Record<string, readonly string[]>> = {
  command: ["id", "arguments", "run"],
  setting: ["type", "default", "options", "minimum", "maximum", "maxLength", "maxItems", "formerly", "daemon"],
};

/** Of an argument or an option. */
const leftOut: readonly string[] = ["description", "alone", "key"];

interface CommandFile {
  /** The constants that are commands. */
  readonly names: readonly string[];
  /** They are loaded late. */
  readonly isLate: boolean;
}

/** The files in extension/commands/ that declare commands. */
export function commandFiles(): ReadonlyMap<string, CommandFile> {
  const files = new Map<string, CommandFile>();
  for (const file of globSync("extension/commands/*.ts", { cwd: root }).sort()) {
    const text = readFileSync(join(root, file), "utf8");
    const names = declarations(text).flatMap(({ helper, name }) => (helper === "command" ? [name] : []));
    if (names.length > 0) files.set(basename(file), { names, isLate: declaresLate(text) });
  }
  return files;
}

/** @throws if only some of the commands of a file say that they are loaded late: it is the file that is */
export function declaresLate(text: string): boolean {
  const ofCommands = declarations(text).filter(({ helper }) => helper === "command");
  const late = ofCommands.filter(({ object }) => object.properties.some((each) => each.name?.getText() === "late"));
  if (late.length > 0 && late.length < ofCommands.length)
    throw new Error(`${late.map(({ name }) => name).join(", ")}: late, but others in its file are not`);
  return late.length > 0;
}

/** The text of a file, line for line, without what its bundle does not need of the declarations in it. */
export function withoutManifestParts(text: string): string {
  const cuts: [from: number, to: number][] = [];
  const cut = (node: ts.Node | undefined, isKept: (name: string) => boolean): void => {
    if (node === undefined || !ts.isObjectLiteralExpression(node)) return;
    for (const [index, property] of node.properties.entries()) {
      const name = property.name?.getText() ?? "";
      if (!isKept(name))
        cuts.push([property.getFullStart(), node.properties[index + 1]?.getFullStart() ?? node.properties.end]);
      else if (name === "arguments" || name === "options") valuesOf(property).forEach((each) => cut(each, isNeeded));
    }
  };
  const isNeeded = (name: string): boolean => !leftOut.includes(name);
  for (const { object, helper } of declarations(text)) cut(object, (name) => kept[helper]?.includes(name) === true);
  const linesOf = (cutOut: string): string => cutOut.replaceAll(/[^\n]/g, "");
  return cuts.reduceRight(
    (left, [from, to]) => left.slice(0, from) + linesOf(left.slice(from, to)) + left.slice(to),
    text,
  );
}

/**
 * What stands in the main bundle for a file whose commands are loaded late: its declarations, and functions that ask the
 * bundle beside it.
 */
export function lateStub(text: string, bundle: string): string {
  const source = parse(text);
  const lines: string[] = [];
  for (const statement of source.statements) {
    const isExported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport) === true;
    if (ts.isFunctionDeclaration(statement) && isExported && statement.name) {
      const { text: name } = statement.name;
      lines.unshift(`export const ${name} = (...given: unknown[]) => require("./${bundle}.js").${name}(...given);`);
    } else if (ts.isVariableStatement(statement) && declarations(statement.getText()).length > 0) {
      lines.push(statement.getText());
    } else if (ts.isImportDeclaration(statement) && /"\.\/command(-arguments)?\.ts"$/.test(specifierOf(statement))) {
      lines.unshift(statement.getText());
    }
  }
  return withoutManifestParts(lines.join("\n"));
}

interface Declaration {
  readonly helper: string;
  readonly name: string;
  readonly object: ts.ObjectLiteralExpression;
}

function declarations(text: string): Declaration[] {
  const found: Declaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && Object.hasOwn(kept, node.expression.text)) {
      const [object] = node.arguments;
      if (object !== undefined && ts.isObjectLiteralExpression(object)) {
        const name = ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "";
        found.push({ helper: node.expression.text, name, object });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(text));
  return found;
}

/** Of the properties of the object that is the value of this one. */
function valuesOf(property: ts.ObjectLiteralElementLike): (ts.Expression | undefined)[] {
  if (!ts.isPropertyAssignment(property) || !ts.isObjectLiteralExpression(property.initializer)) return [];
  return property.initializer.properties.map((each) => (ts.isPropertyAssignment(each) ? each.initializer : undefined));
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("declarations.ts", text, ts.ScriptTarget.ESNext, true);
}

function isExport(modifier: ts.ModifierLike): boolean {
  return modifier.kind === ts.SyntaxKind.ExportKeyword;
}

function specifierOf({ moduleSpecifier }: ts.ImportDeclaration): string {
  return moduleSpecifier.getText();
}
