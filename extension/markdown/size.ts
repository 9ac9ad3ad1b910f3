// Estimates how many elements a message needs on screen. Text costs nothing here, however long it is.

import { countHidden } from "../../protocol/text/hidden-characters.ts";
import type { Block, Inline } from "./message-tree.ts";

/** A link with its text and its target. */
const ofLink = 3;
/** A code block with its language and its buttons. */
const ofCodeBlock = 9;

export function elementsIn(blocks: readonly Block[]): number {
  return sum(blocks, ofBlock);
}

function ofBlock(block: Block): number {
  switch (block.kind) {
    case "codeBlock":
      return ofCodeBlock + countHidden(block.text);
    case "rule":
      return 1;
    case "list":
      return 1 + sum(block.items, (item) => 1 + elementsIn(item.children));
    case "table":
      return 1 + sum(block.rows, (row) => 1 + sum(row, (cell) => 1 + sum(cell, ofInline)));
    case "quote":
      return 1 + elementsIn(block.children);
    default:
      return 1 + sum(block.children, ofInline);
  }
}

function ofInline(inline: Inline): number {
  if (inline.kind === "text") return 0;
  if (inline.kind === "code") return 1 + countHidden(inline.text);
  const own = inline.kind === "link" ? ofLink : 1;
  return "children" in inline ? own + sum(inline.children, ofInline) : own;
}

function sum<T>(parts: readonly T[], size: (part: T) => number): number {
  return parts.reduce((total, part) => total + size(part), 0);
}
