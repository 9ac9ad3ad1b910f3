// A code block under one bar: its language, a note about invisible characters in it, and its actions: wrap, copy, insert at
// the cursor, open in an editor. The host takes the text from the message itself; the page only says which block it is.

import { hiddenKinds, piecesOf } from "../../protocol/text/hidden-characters.ts";
import type { CodeBlock } from "../markdown/message-tree.ts";
import { codicon, element, iconButton } from "./dom.ts";
import { runsOf } from "./highlight.ts";
import type { Run } from "./highlight.ts";
import { scrolling } from "./scrolling.ts";
import { texts } from "./texts.ts";

/** Longer code is highlighted when the page is idle. */
const atOnceCharacters = 2_000;
/** Code with more words than this stays plain. */
const maxRuns = 1_500;

export type CodeTarget = "clipboard" | "cursor" | "editor";
/** What to do with invisible characters in the copied text; undefined if the person was not asked. */
export type HiddenChoice = "removed" | "kept";

export interface CodeActions {
  /** Undefined if the text is not in the history yet, so that it cannot be requested. */
  readonly takeCode: ((index: number, to: CodeTarget, hidden?: HiddenChoice) => void) | undefined;
  /** How many more characters of code may be highlighted in this message. */
  readonly colours: { left: number };
  readonly whenIdle: (work: () => void) => void;
  /** Whether the long lines of a block are wrapped, and how to record that. */
  readonly wraps: { has: (index: number) => boolean; set: (index: number, on: boolean) => void };
}

export function drawCode(block: CodeBlock, actions: CodeActions): HTMLElement {
  const label = block.language === "" ? texts.code : texts.codeIn(block.language);
  const pre = element("pre", {}, drawText(block, actions));
  return element(
    "div",
    { class: "code-block", role: "group", "aria-label": label },
    ...drawBar(block, pre, actions),
    scrolling(pre, label),
  );
}

function drawText({ text, language }: CodeBlock, { colours, whenIdle }: CodeActions): HTMLElement {
  const code = element("code", { dir: "ltr" });
  const colour = (): void => {
    const runs = runsOf(text, language);
    if (runs.length <= maxRuns) code.replaceChildren(...runs.flatMap(drawRun));
  };
  code.append(...drawRun({ text, scopes: [] }));
  colours.left -= text.length;
  if (colours.left < 0) return code;
  if (text.length <= atOnceCharacters) colour();
  else {
    whenIdle(() => {
      code.setAttribute("aria-live", "off"); // a screen reader has already read it
      colour();
    });
  }
  return code;
}

function drawBar(block: CodeBlock, pre: HTMLElement, { takeCode, wraps }: CodeActions): HTMLElement[] {
  const kinds = hiddenKinds(block.text);
  const head = element("div", { class: "code-head" }, element("span", { class: "language" }, block.language));
  if (kinds.length > 0) head.append(hiddenNote(kinds));
  const buttons = element("div", { class: "code-actions" }, wrapButton(block.index, pre, wraps));
  head.append(buttons);
  if (takeCode === undefined) return [head];
  const choice = element("div", { class: "code-choice", hidden: "" });
  const copy = iconButton("copy", texts.copyCode, () => {
    if (kinds.length === 0) takeCode(block.index, "clipboard");
    else askForHidden(choice, kinds, copy, (hidden) => takeCode(block.index, "clipboard", hidden));
  });
  buttons.append(
    copy,
    iconButton("insert", texts.insertCode, () => takeCode(block.index, "cursor")),
    iconButton("go-to-file", texts.openCode, () => takeCode(block.index, "editor")),
  );
  return [head, choice];
}

function hiddenNote(kinds: readonly string[]): HTMLElement {
  const words = texts.hiddenKinds(kinds);
  return element("span", { class: "hidden-note", title: words }, codicon("warning"), element("span", {}, words));
}

function wrapButton(index: number, pre: HTMLElement, wraps: CodeActions["wraps"]): HTMLButtonElement {
  const button = iconButton("word-wrap", texts.wrapCode, () => {
    wraps.set(index, !wraps.has(index));
    show();
  });
  const show = (): void => {
    pre.classList.toggle("wrapped", wraps.has(index));
    button.setAttribute("aria-pressed", String(wraps.has(index)));
  };
  show();
  return button;
}

/** Shows the question below the bar and focuses its first answer; the focus returns after the answer. */
function askForHidden(
  choice: HTMLElement,
  kinds: readonly string[],
  asked: HTMLElement,
  chosen: (hidden: HiddenChoice) => void,
): void {
  const close = (): void => {
    asked.focus();
    choice.hidden = true;
    choice.replaceChildren();
  };
  const answers = (["removed", "kept"] as const).map((hidden) => {
    const button = element("button", { class: "secondary", type: "button" }, texts.hiddenChoice[hidden]);
    button.addEventListener("click", () => {
      close();
      chosen(hidden);
    });
    return button;
  });
  choice.replaceChildren(element("span", { class: "words" }, texts.hiddenQuestion(kinds)), ...answers);
  choice.hidden = false;
  choice.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  answers[0]?.focus();
}

function drawRun({ text, scopes }: Run): Node[] {
  const pieces = piecesOf(text).map((each) =>
    each.kind === "hidden"
      ? element("span", { class: "hidden-character", title: texts.hiddenCharacter }, each.code)
      : document.createTextNode(each.text),
  );
  return scopes.length === 0 ? pieces : [element("span", { class: scopes.map(classOf).join(" ") }, ...pieces)];
}

function classOf(scope: string): string {
  return scope
    .split(".")
    .map((part) => `code-${part}`)
    .join(" ");
}
