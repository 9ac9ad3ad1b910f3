// Draws the text of a message, parsed as Markdown: at once, or as plain text first if there is much to draw. A long text is
// folded and has a button that opens it; a text of emoji only is drawn larger.

import { piecesOf } from "../../protocol/text/hidden-characters.ts";
import { reactionOf } from "../../protocol/text/emoji-key.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { parseMessage } from "../markdown/parse.ts";
import type { Block, Names } from "../markdown/message-tree.ts";
import type { CodeTarget, HiddenChoice } from "./draw-code.ts";
import { drawBlocks } from "./draw-message.ts";
import { element } from "./dom.ts";
import { beginningOf, mayBeLong } from "./fold.ts";
import type { Opened } from "./fold.ts";
import type { NewerMessages } from "./newer-messages.ts";
import { texts } from "./texts.ts";

export interface TextOptions {
  readonly names: Names;
  /** A note after the text, such as that it was edited. */
  readonly marks: readonly string[];
  readonly open: (url: string) => void;
  /** Undefined if the message is not in the history yet. */
  readonly takeCode: ((index: number, to: CodeTarget, hidden?: HiddenChoice) => void) | undefined;
  readonly later: NewerMessages;
  readonly opened: Opened;
  /** The person opens or folds a message; its top stays in place. */
  readonly toggle: (article: Element, change: () => void) => void;
}

/** The most characters of code that are highlighted in one message. */
const maxColoured = 8_000;
/** A message of at most this many emoji and nothing else is drawn larger. */
const maxLarge = 3;
/** A fraction of a line does not count. */
const slackPx = 8;

export function drawText(message: ChatMessage, options: TextOptions): HTMLElement[] {
  const { text, seq } = message;
  const root = element("div", { class: "text" });
  const fill = (shown: string): void => {
    const blocks = parseMessage(shown, options.names);
    root.classList.remove("raw");
    root.classList.toggle("large", isLarge(blocks));
    root.replaceChildren(...drawBlocks(blocks, actionsOf(seq, options)));
    for (const words of options.marks) appendMark(root, blocks, words);
  };
  const beginning = beginningOf(text);
  if (beginning === undefined && !mayBeLong(text)) {
    fill(text);
    return [root];
  }
  return drawLong(root, { ...options, seq, text, beginning, fill });
}

interface Long extends TextOptions {
  readonly seq: number;
  readonly text: string;
  readonly beginning: string | undefined;
  readonly fill: (shown: string) => void;
}

function drawLong(root: HTMLElement, long: Long): HTMLElement[] {
  const { seq, text, beginning, fill, later, opened, toggle } = long;
  const button = element("button", { class: "link fold", type: "button", hidden: "" });
  const shown = (): string => (opened.has(seq) ? text : (beginning ?? text));
  const isCut = (): boolean => beginning !== undefined || root.scrollHeight > root.clientHeight + slackPx;
  const show = (cut: boolean): void => {
    const open = opened.has(seq);
    root.classList.toggle("folded", !open);
    root.classList.toggle("cut", !open && cut);
    button.hidden = !open && !cut;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? texts.showLess : texts.showMore;
  };
  const fold = { look: () => opened.has(seq) || isCut(), show };
  show(false);
  if (later.spend(shown().length)) fill(shown());
  else {
    root.classList.add("raw");
    root.replaceChildren(...plainText(shown()));
    later.draw(root, () => {
      root.closest("article")?.setAttribute("aria-live", "off");
      fill(shown());
      show(fold.look());
    });
  }
  button.addEventListener("click", () => {
    const article = root.closest("article");
    if (article === null) return;
    toggle(article, () => {
      opened.set(seq, !opened.has(seq));
      if (beginning !== undefined || root.classList.contains("raw")) fill(shown());
      show(true);
    });
  });
  // The focus moved into the folded part.
  root.addEventListener("focusin", ({ target }) => {
    if (opened.has(seq) || !(target instanceof Element) || beginning !== undefined) return;
    if (target.getBoundingClientRect().bottom > root.getBoundingClientRect().bottom) button.click();
  });
  folds.set(root, fold);
  return [root, button];
}

interface Fold {
  /** Whether the message has more than what is shown. */
  readonly look: () => boolean;
  readonly show: (cut: boolean) => void;
}

const folds = new WeakMap<Element, Fold>();

/** Measures all texts before changing anything: a measurement after a change costs a layout. */
export function measureFolds(roots: Iterable<Element>): void {
  const found = Array.from(roots, (root) => folds.get(root)).filter((fold) => fold !== undefined);
  const looked = found.map((fold) => fold.look());
  for (const [index, fold] of found.entries()) fold.show(looked[index] ?? false);
}

/** Draws plain text instead of Markdown; characters that hide or reorder text are already made visible. */
function plainText(text: string): (Node | string)[] {
  return piecesOf(text).map((piece) =>
    piece.kind === "text" ? piece.text : element("span", { class: "hidden-character" }, piece.code),
  );
}

function actionsOf(seq: number, { open, takeCode, later, opened }: TextOptions) {
  const wraps = opened.wraps(seq);
  return {
    open,
    takeCode,
    colours: { left: maxColoured },
    wraps,
    whenIdle: (work: () => void) => later.whenIdle(work),
  };
}

function isLarge(blocks: readonly Block[]): boolean {
  const [block] = blocks;
  if (blocks.length !== 1 || block?.kind !== "paragraph") return false;
  const words = block.children.map((each) => (each.kind === "text" ? each.text : "x")).join("");
  if (words.length > 100) return false;
  const graphemes = Array.from(new Intl.Segmenter().segment(words), (each) => each.segment).filter(
    (each) => each.trim() !== "",
  );
  return (
    graphemes.length > 0 && graphemes.length <= maxLarge && graphemes.every((each) => reactionOf(each) !== undefined)
  );
}

/**
 * Puts a note after the last words, or into the bar of a code block, so that nothing below moves; tables and rules have
 * neither.
 */
function appendMark(root: HTMLElement, blocks: readonly Block[], words: string): void {
  const mark = element("span", { class: "edited" }, `(${words})`);
  const place = placeOfMark(root, blocks.at(-1)?.kind);
  if (place?.matches(".language") === true) place.after(mark);
  else if (place) place.append(" ", mark);
  else root.append(mark);
}

function placeOfMark(root: HTMLElement, last: Block["kind"] | undefined): Element | undefined {
  if (last === "table" || last === "rule") return undefined;
  return [...root.querySelectorAll(last === "codeBlock" ? ".language" : "p, [role=heading]")].at(-1);
}
