// Parses a message as Markdown: CommonMark with tables, strikethrough and task lists, line breaks kept as typed. HTML,
// reference definitions and images are not supported: they stay text, or become a link. A message that is too large, too
// deep or too much to draw is plain text as a whole.

import MarkdownIt from "markdown-it";
import type { Token } from "markdown-it";
import { nobody, parseInline, plainText } from "./inline.ts";
import { safeLink } from "./link-policy.ts";
import { useOwnRules } from "./rules.ts";
import { elementsIn } from "./size.ts";
import type { Alignment, Block, CodeBlock, Inline, Item, Names } from "./message-tree.ts";

type Parser = InstanceType<typeof MarkdownIt>;

const maxCharacters = 64 * 1_024;
/** A message with more tokens, or more elements to draw, is plain text. */
const maxTokens = 6_000;
const maxElements = 2_000;
const maxDepth = 24;
/** A table has as many cells as its rows times its widest row, however short the other rows are. */
const maxCells = 40_000;

let parser: Parser | undefined;

/** Created when the first message is parsed, to keep the start of a window fast. */
function markdownParser(): Parser {
  if (parser) return parser;
  parser = new MarkdownIt({ html: false, linkify: false, breaks: true, typographer: false, maxNesting: maxDepth });
  parser.disable(["reference"]);
  useOwnRules(parser);
  parser.validateLink = (url) => safeLink(url) !== undefined;
  return parser;
}

export function parseMessage(text: string, names: Names): readonly Block[] {
  const tokens = tokensOf(text);
  if (tokens === undefined) return [plain(text)];
  const blocks = new Reader(tokens, names).blocks();
  return elementsIn(blocks) > maxElements ? [plain(text)] : blocks;
}

/** Returns the code block with that `index`; undefined if there is none. */
export function codeBlockOf(text: string, index: number): { text: string; language: string } | undefined {
  const block = (tokensOf(text) ?? []).filter(isCode)[index];
  return block && { text: codeOf(block), language: languageOf(block) };
}

/** Whether text appended to `text` would be inside a fenced code block that is not closed. */
export function endsInCode(text: string): boolean {
  if (!/`{3}|~{3}/u.test(text)) return false;
  const line = text.slice(text.lastIndexOf("\n") + 1);
  const indent = /^(?:[\s>]|[-*+]\s|\d{1,9}[.)]\s)*/u.exec(line)?.[0].replaceAll(/[^\s>]/gu, " ") ?? "";
  const tokens = tokensOf(`${text}\n${indent}x`) ?? [];
  return tokens.findLast(({ nesting }) => nesting >= 0)?.type === "fence";
}

function tokensOf(text: string): readonly Token[] | undefined {
  if (text.length > maxCharacters || cellsIn(text) > maxCells) return undefined;
  const tokens = markdownParser().parse(text, {});
  let count = 0;
  for (const { level, children } of tokens) {
    count += 1 + (children?.length ?? 0);
    // The parser leaves out deeper nesting.
    if (level >= maxDepth - 1 || count > maxTokens) return undefined;
  }
  return tokens;
}

function cellsIn(text: string): number {
  if (!text.includes("|")) return 0;
  const lines = text.split("\n");
  return lines.length * lines.reduce((most, line) => Math.max(most, line.split("|").length), 0);
}

function plain(text: string): Block {
  return { kind: "paragraph", children: plainText(text) };
}

/** Turns the flat list of tokens, with opening and closing tokens, into a tree. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #names: Names;
  #at = 0;
  #codeBlocks = 0;
  /** Nesting depth of quotations. */
  #quotes = 0;

  constructor(tokens: readonly Token[], names: Names) {
    this.#tokens = tokens;
    this.#names = names;
  }

  /** Reads up to and including the token that closes the current one. */
  blocks(): Block[] {
    const blocks: Block[] = [];
    for (let token = this.#next(); token !== undefined && token.nesting >= 0; token = this.#next()) {
      blocks.push(this.#block(token));
    }
    return blocks;
  }

  #next(): Token | undefined {
    this.#at += 1;
    return this.#tokens[this.#at - 1];
  }

  #block(token: Token): Block {
    switch (token.type) {
      case "paragraph_open":
        return { kind: "paragraph", children: this.#inlines() };
      case "heading_open":
        return { kind: "heading", level: Number(token.tag.slice(1)), children: this.#inlines() };
      case "blockquote_open":
        return this.#quote();
      case "bullet_list_open":
        return { kind: "list", start: undefined, items: this.#items() };
      case "ordered_list_open":
        return { kind: "list", start: Number(token.attrGet("start") ?? 1), items: this.#items() };
      case "table_open":
        return this.#table();
      case "hr":
        return { kind: "rule" };
      case "fence":
      case "code_block":
        return this.#code(token);
      default:
        return { kind: "paragraph", children: plainText(token.content) };
    }
  }

  /** Mentions in a quotation name nobody. */
  #quote(): Block {
    this.#quotes += 1;
    const children = this.blocks();
    this.#quotes -= 1;
    return { kind: "quote", children };
  }

  get #named(): Names {
    return this.#quotes > 0 ? nobody : this.#names;
  }

  #inlines(): readonly Inline[] {
    const children = this.#next()?.children ?? [];
    this.#next();
    return parseInline(children, this.#named);
  }

  #code(token: Token): CodeBlock {
    const index = this.#codeBlocks;
    this.#codeBlocks += 1;
    return { kind: "codeBlock", text: codeOf(token), language: languageOf(token), index };
  }

  #items(): Item[] {
    const items: Item[] = [];
    for (let token = this.#next(); token !== undefined && token.nesting > 0; token = this.#next()) {
      const children = this.blocks();
      items.push(taskOf(children) ?? { checked: undefined, children });
    }
    return items;
  }

  #table(): Block {
    const rows: Inline[][][] = [];
    const alignment: Alignment[] = [];
    let token = this.#next();
    for (; token !== undefined && token.type !== "table_close"; token = this.#next()) {
      if (token.type === "tr_open") rows.push([]);
      if (token.type === "th_open") alignment.push(alignmentOf(token));
      if (token.type === "inline") rows.at(-1)?.push(parseInline(token.children ?? [], this.#named));
    }
    return { kind: "table", alignment, rows };
  }
}

function isCode(token: Token): boolean {
  return token.type === "fence" || token.type === "code_block";
}

function codeOf(token: Token): string {
  return token.content.replace(/\n$/u, "");
}

function languageOf(token: Token): string {
  return /^[\w+#.-]{1,32}/u.exec(token.info.trim())?.[0].toLowerCase() ?? "";
}

function alignmentOf(token: Token): Alignment {
  const style = String(token.attrGet("style") ?? "");
  if (style.endsWith("center")) return "center";
  if (style.endsWith("right")) return "end";
  return style.endsWith("left") ? "start" : undefined;
}

/** Recognizes an item that starts with `[ ]` or `[x]`. */
function taskOf(children: readonly Block[]): Item | undefined {
  const [first, ...others] = children;
  if (first?.kind !== "paragraph") return undefined;
  const [head, ...rest] = first.children;
  const mark = head?.kind === "text" ? /^\[([ xX])\]\s/u.exec(head.text) : null;
  if (head?.kind !== "text" || mark === null) return undefined;
  const text: Inline = { kind: "text", text: head.text.slice(mark[0].length) };
  return { checked: mark[1] !== " ", children: [{ kind: "paragraph", children: [text, ...rest] }, ...others] };
}
