// A block of code with its language and what can be done with it: copied, put at the cursor, opened in an editor. The
// host takes the text from the message itself; the page names only which block it is.

import type { CodeBlock } from "../markdown/tree.ts";
import { piecesOf } from "../../protocol/hidden-characters.ts";
import { element, iconButton } from "./dom.ts";
import { runsOf } from "./highlight.ts";
import type { Run } from "./highlight.ts";
import { scrolling } from "./scrolling.ts";
import { texts } from "./texts.ts";

/** Longer code gets its colours when there is time. */
const atOnceCharacters = 2_000;
/** Code of more words than this stays plain. */
const maxRuns = 1_500;

export type CodeTarget = "clipboard" | "cursor" | "editor";

export interface CodeActions {
  /** Undefined where the text is not in the history yet, so that nobody can be asked for it. */
  readonly takeCode: ((index: number, to: CodeTarget) => void) | undefined;
  /** How many characters of code may still get colours in this message. */
  readonly colours: { left: number };
}

const targets = [
  ["clipboard", "copy", texts.copyCode],
  ["cursor", "insert", texts.insertCode],
  ["editor", "go-to-file", texts.openCode],
] as const;

export function drawCode(block: CodeBlock, { takeCode, colours }: CodeActions): HTMLElement {
  const code = element("code", { dir: "ltr" });
  const colour = (): void => {
    const runs = runsOf(block.text, block.language);
    if (runs.length <= maxRuns) code.replaceChildren(...runs.flatMap(drawRun));
  };
  code.append(...drawRun({ text: block.text, scopes: [] }));
  colours.left -= block.text.length;
  if (colours.left >= 0) {
    if (block.text.length <= atOnceCharacters) colour();
    else {
      requestIdleCallback(() => {
        code.setAttribute("aria-live", "off"); // a screen reader has read it by then
        colour();
      });
    }
  }
  const label = block.language === "" ? texts.code : texts.codeIn(block.language);
  const head = element("div", { class: "code-head" }, element("span", { class: "language" }, block.language));
  if (takeCode !== undefined) {
    const bar = element("div", { class: "code-actions" });
    for (const [to, icon, words] of targets) bar.append(iconButton(icon, words, () => takeCode(block.index, to)));
    head.append(bar);
  }
  return element(
    "div",
    { class: "code-block", role: "group", "aria-label": label },
    head,
    scrolling(element("pre", {}, code), label),
  );
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
