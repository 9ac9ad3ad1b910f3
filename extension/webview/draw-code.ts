// A block of code with its language and what can be done with it: copied, put at the cursor, opened in an editor. The
// host takes the text from the message itself; the page names only which block it is.

import type { CodeBlock } from "../markdown/tree.ts";
import { visible } from "../markdown/words.ts";
import { codicon, element } from "./dom.ts";
import { runsOf } from "./highlight.ts";
import type { Run } from "./highlight.ts";
import { texts } from "./texts.ts";

/** Longer code gets its colours when there is time. */
const atOnceCharacters = 2_000;

export type CodeTarget = "clipboard" | "cursor" | "editor";

export interface CodeActions {
  /** Undefined where the text is not in the history yet, so that nobody can be asked for it. */
  readonly takeCode: ((index: number, to: CodeTarget) => void) | undefined;
}

const targets = [
  ["clipboard", "copy", texts.copyCode],
  ["cursor", "insert", texts.insertCode],
  ["editor", "go-to-file", texts.openCode],
] as const;

export function drawCode(block: CodeBlock, { takeCode }: CodeActions): HTMLElement {
  const code = element("code", { dir: "ltr" });
  const colour = (): void => code.replaceChildren(...runsOf(block.text, block.language).flatMap(drawRun));
  if (block.text.length <= atOnceCharacters) colour();
  else {
    code.append(...drawRun({ text: block.text, scopes: [] }));
    requestIdleCallback(colour);
  }
  const label = block.language === "" ? texts.code : texts.codeIn(block.language);
  const head = element("div", { class: "code-head" }, element("span", { class: "language" }, block.language));
  if (takeCode !== undefined) {
    const bar = element("div", { class: "code-actions" });
    for (const [to, icon, words] of targets) {
      const button = element(
        "button",
        { class: "icon", type: "button", title: words, "aria-label": words },
        codicon(icon),
      );
      button.addEventListener("click", () => takeCode(block.index, to));
      bar.append(button);
    }
    head.append(bar);
  }
  return element("div", { class: "code-block", role: "group", "aria-label": label }, head, element("pre", {}, code));
}

function drawRun({ text, scopes }: Run): Node[] {
  const pieces = visible(text).map((each) =>
    each.kind === "hidden"
      ? element("span", { class: "hidden-character", title: texts.hiddenCharacter }, each.code)
      : document.createTextNode(each.kind === "text" ? each.text : ""),
  );
  return scopes.length === 0 ? pieces : [element("span", { class: scopes.map(classOf).join(" ") }, ...pieces)];
}

function classOf(scope: string): string {
  return scope
    .split(".")
    .map((part) => `code-${part}`)
    .join(" ");
}
