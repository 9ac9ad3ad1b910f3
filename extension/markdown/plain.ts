// The words of a message without its Markdown, for a quotation or a list: what a person would read aloud.

import { withoutHidden } from "../../protocol/hidden-characters.ts";
import { parseMessage } from "./parse.ts";
import type { Block, Inline } from "./tree.ts";

const nobody = { own: undefined, others: new Set<string>() };

export function wordsOf(text: string): string {
  const words = parseMessage(text, nobody).map(ofBlock).join(" ");
  return withoutHidden(words.trim() === "" ? text : words);
}

/** What may be Markdown in a single line; most lines hold none of it, and need not be read. */
const marks = /[`*_~#>|[\]\\&]|:[a-z0-9_+-]+:|^\s*(?:[-+]|\d+[.)])\s/u;

/** Of a message that was made one line and perhaps cut, so that its code blocks do not begin lines any more. */
export function wordsOfLine(line: string): string {
  if (!marks.test(line)) return line;
  return wordsOf(line.replaceAll(/(?<!\S)(?:`{3,}|~{3,})(?:[\w+#.-]*\s)?|(?:`{3,}|~{3,})(?!\S)/gu, ""));
}

function ofBlock(block: Block): string {
  switch (block.kind) {
    case "codeBlock":
      return block.text;
    case "rule":
      return "";
    case "list":
      return block.items.map((item) => item.children.map(ofBlock).join(" ")).join(" ");
    case "table":
      return block.rows.map((row) => row.map((cell) => cell.map(ofInline).join("")).join(" ")).join(" ");
    case "quote":
      return block.children.map(ofBlock).join(" ");
    default:
      return block.children.map(ofInline).join("");
  }
}

function ofInline(inline: Inline): string {
  if ("children" in inline) return inline.children.map(ofInline).join("");
  if (inline.kind === "hidden") return "";
  return inline.kind === "break" ? " " : inline.text;
}
