// The words of a message without its Markdown, for a quotation or a list: what a person would read aloud.

import { parseMessage } from "./parse.ts";
import type { Block, Inline } from "./tree.ts";

const nobody = { own: undefined, others: new Set<string>() };

export function wordsOf(text: string): string {
  return parseMessage(text, nobody).map(ofBlock).join(" ");
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
