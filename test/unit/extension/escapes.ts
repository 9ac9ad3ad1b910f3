// Searches a source file of the extension for texts that a person would see and that do not pass through `t`: every literal
// in a place that is shown, and prose anywhere. Knows nothing about types; the caller allows false positives.

import ts from "typescript";

export interface Escape {
  readonly line: number;
  readonly text: string;
}

/** Properties and variables with these names are shown, wherever they are. */
const shownNames =
  /^(label|openLabel|accessibleLabel|description|detail|tooltip|title|placeholder|prompt|text|textContent|words|sentence|reason|message|yes|part|ariaLabel|aria-label|aria-description|alt|innerText)$/;
/** Functions whose arguments are shown, from that index on. */
const shownArguments: Readonly<Record<string, number>> = {
  showInformationMessage: 0,
  showWarningMessage: 0,
  showErrorMessage: 0,
  setStatusBarMessage: 0,
  tell: 1,
  mention: 0,
  busy: 0,
  setProblem: 0,
  setNote: 0,
  setLabel: 0,
  append: 0,
  replaceChildren: 0,
  element: 2,
  iconButton: 1,
  failure: 1,
};
/** Only developers read these. */
const unseenCall = /(^|[.#])log\.(debug|info|warn|error)$|\b(querySelector|getElementById|addEventListener)$/;
const unseenNames = /^(contextValue|id|command|role|key|name|kind|color)$/;

export function escapesIn(file: string, source: string): Escape[] {
  const root = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const found: Escape[] = [];
  const visit = (node: ts.Node, shown: boolean): void => {
    if (isUnseen(node)) return;
    if (ts.isCallExpression(node)) {
      visitCall(node);
      return;
    }
    if (ts.isPropertyAssignment(node)) {
      visit(node.initializer, isShownName(node.name));
      return;
    }
    if (ts.isBinaryExpression(node)) {
      visitBinary(node, shown);
      return;
    }
    if (ts.isConditionalExpression(node)) {
      visit(node.condition, false);
      visit(node.whenTrue, shown);
      visit(node.whenFalse, shown);
      return;
    }
    if (isText(node)) {
      const text = node.text.replaceAll(/\$\([\w~-]+\)|Chat Room/g, "");
      if (shown ? /\p{L}/u.test(text) : isProse(text)) {
        found.push({ line: root.getLineAndCharacterOfPosition(node.getStart()).line + 1, text: node.text });
      }
      return;
    }
    const goesOn = ts.isTemplateExpression(node) || ts.isTemplateSpan(node) || ts.isArrayLiteralExpression(node);
    ts.forEachChild(node, (child) => visit(child, shown && (goesOn || ts.isParenthesizedExpression(node))));
  };
  const visitCall = (call: ts.CallExpression): void => {
    const whole = call.expression.getText();
    const name = whole.split(/[.#]/).at(-1) ?? "";
    if (name === "t" || unseenCall.test(whole)) {
      call.arguments.slice(1).forEach((each) => visit(each, false));
      return;
    }
    if (isDeclaration(call)) {
      call.arguments.forEach((each) => ts.forEachChild(each, (property) => visitRun(property)));
      return;
    }
    visit(call.expression, false);
    const [first] = call.arguments;
    const attribute = name === "setAttribute" && first !== undefined && isText(first) && shownNames.test(first.text);
    const from = attribute ? 1 : shownArguments[name];
    call.arguments.forEach((each, index) => visit(each, from !== undefined && index >= from));
  };
  const visitRun = (property: ts.Node): void => {
    if (ts.isPropertyAssignment(property) && nameOf(property.name) === "run") visit(property.initializer, false);
  };
  const visitBinary = (node: ts.BinaryExpression, shown: boolean): void => {
    const { kind } = node.operatorToken;
    if (comparisons.has(kind)) return;
    const target = ts.isPropertyAccessExpression(node.left) ? node.left.name : undefined;
    visit(node.left, shown && kind !== ts.SyntaxKind.EqualsToken);
    visit(node.right, kind === ts.SyntaxKind.EqualsToken ? target !== undefined && isShownName(target) : shown);
  };
  visit(root, false);
  return found;
}

/** Returns lines on which `t` is called while its module is loaded, when there are no translations yet. */
export function earlyCalls(file: string, source: string): number[] {
  const root = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const found: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node) && node.expression.getText() === "t") {
      found.push(root.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

const comparisons: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.InKeyword,
]);

type TextNode =
  ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail;

function isText(node: ts.Node): node is TextNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

/** Of a command or a setting: VS Code shows these texts from package.nls.json, which is written from them. */
function isDeclaration({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression) && (expression.text === "command" || expression.text === "setting");
}

/** Module names, types, CSS classes, names of things, errors that are thrown for developers. */
function isUnseen(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isNewExpression(node)) return node.expression.getText() === "Error";
  if (!ts.isPropertyAssignment(node)) return false;
  const name = nameOf(node.name);
  return name === "class" || (unseenNames.test(name) && ts.isStringLiteralLike(node.initializer));
}

function isShownName(name: ts.PropertyName | ts.MemberName): boolean {
  return shownNames.test(nameOf(name));
}

function nameOf(name: ts.PropertyName | ts.MemberName): string {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : "";
}

/** Two words, or one that starts a sentence. */
function isProse(text: string): boolean {
  return /\p{L}{2,},? \p{L}/u.test(text) || /(^|\s)\p{Lu}\p{Ll}+/u.test(text);
}
