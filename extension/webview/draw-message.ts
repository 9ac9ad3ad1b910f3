// Draws the syntax tree of a message with DOM calls. Text becomes text nodes. A link becomes an element that asks the host
// to open it and shows its target; it has no `href`, which VS Code would follow by itself.

import { filePlaceOf, filePlaceScheme } from "../markdown/file-place.ts";
import type { Block, Inline, Item } from "../markdown/message-tree.ts";
import { piecesOf } from "../../protocol/text/hidden-characters.ts";
import { drawCode } from "./draw-code.ts";
import type { CodeActions } from "./draw-code.ts";
import { codicon, element } from "./dom.ts";
import { scrolling } from "./scrolling.ts";
import { texts } from "./texts.ts";

export interface TextActions extends CodeActions {
  readonly open: (url: string) => void;
}

export function drawBlocks(blocks: readonly Block[], actions: TextActions): Node[] {
  return blocks.map((block) => drawBlock(block, actions));
}

function drawBlock(block: Block, actions: TextActions): Node {
  switch (block.kind) {
    case "paragraph":
      return element("p", { dir: "auto" }, ...drawInlines(block.children, actions));
    case "heading":
      return element(
        "div",
        { class: `heading-${block.level}`, role: "heading", "aria-level": String(block.level + 2), dir: "auto" },
        ...drawInlines(block.children, actions),
      );
    case "quote":
      return element("blockquote", {}, ...drawBlocks(block.children, actions));
    case "list": {
      const items = block.items.map((item) => drawItem(item, actions));
      if (block.start === undefined) return element("ul", { dir: "auto" }, ...items);
      return element("ol", { dir: "auto", start: String(block.start) }, ...items);
    }
    case "table":
      return drawTable(block, actions);
    case "rule":
      return element("hr");
    case "codeBlock":
      return drawCode(block, actions);
  }
}

function drawItem({ checked, children }: Item, actions: TextActions): HTMLElement {
  if (checked === undefined) return element("li", {}, ...drawBlocks(children, actions));
  const box = element("span", { class: "box", "aria-hidden": "true" }, ...(checked ? [codicon("check")] : []));
  const words = element("span", { class: "for-screen-readers" }, checked ? texts.done : texts.notDone);
  return element("li", { class: "task" }, box, words, element("div", {}, ...drawBlocks(children, actions)));
}

function drawTable({ alignment, rows }: Extract<Block, { kind: "table" }>, actions: TextActions): HTMLElement {
  const drawn = rows.map((cells, row) =>
    element(
      "tr",
      {},
      ...cells.map((cell, column) =>
        element(
          row === 0 ? "th" : "td",
          { dir: "auto", class: alignment[column] && `align-${alignment[column]}` },
          ...drawInlines(cell, actions),
        ),
      ),
    ),
  );
  const [head, ...body] = drawn;
  const table = element("table", {}, element("thead", {}, ...(head ? [head] : [])), element("tbody", {}, ...body));
  return scrolling(element("div", { class: "table" }, table), texts.table);
}

function drawInlines(inlines: readonly Inline[], actions: TextActions): Node[] {
  return inlines.map((inline) => drawInline(inline, actions));
}

function drawInline(inline: Inline, actions: TextActions): Node {
  switch (inline.kind) {
    case "text":
      return document.createTextNode(inline.text);
    case "hidden":
      return element("span", { class: "hidden-character", title: texts.hiddenCharacter }, inline.code);
    case "code":
      return drawInlineCode(inline.text, actions);
    case "strong":
      return element("strong", {}, ...drawInlines(inline.children, actions));
    case "emphasis":
      return element("em", {}, ...drawInlines(inline.children, actions));
    case "strike":
      return element("s", {}, ...drawInlines(inline.children, actions));
    case "mention":
      return element("bdi", { class: inline.own ? "mention own-name" : "mention" }, inline.text);
    case "break":
      return element("br");
    case "link":
      return drawLink(inline, actions);
  }
}

/** Draws a link to a line of a file, which opens in the editor. */
function drawInlineCode(text: string, actions: TextActions): HTMLElement {
  const code = element("code", {}, ...drawInlines(piecesOf(text), actions));
  if (filePlaceOf(text) === undefined) return code;
  const link = element("span", { class: "link", role: "link", tabindex: "0", title: texts.openFile }, code);
  return opening(link, () => actions.open(`${filePlaceScheme}${text}`));
}

function opening(link: HTMLElement, open: () => void): HTMLElement {
  link.addEventListener("click", open);
  link.addEventListener("keydown", (event) => {
    if (event.key === "Enter") open();
  });
  return link;
}

function drawLink({ url, image, children }: Extract<Inline, { kind: "link" }>, actions: TextActions): HTMLElement {
  const leads = destinationOf(url);
  const link = element(
    "span",
    { class: "link", role: "link", tabindex: "0", title: url },
    ...(image ? [codicon("file-media")] : []),
    element("bdi", {}, ...drawInlines(children, actions)),
  );
  if (!showsItsUrl(children, url)) link.append(element("span", { class: "destination" }, ` (${leads})`));
  return opening(link, () => actions.open(url));
}

/**
 * Whether the text of the link is its address, with the host in the letters used on the network, which have no look-alikes.
 */
function showsItsUrl(children: readonly Inline[], url: string): boolean {
  const words = children.map((each) => (each.kind === "text" ? each.text : "\u0000")).join("");
  return URL.canParse(words) && new URL(words).href === url && words.toLowerCase().includes(new URL(url).host);
}

function destinationOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return protocol === "mailto:" ? pathname : host;
}
