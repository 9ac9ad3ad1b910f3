// The text of a message without its Markdown, for a quotation or a list.

import { withoutHidden } from "../../protocol/text/hidden-characters.ts";
import { parseMessage } from "./parse.ts";
import type { Block, Inline } from "./message-tree.ts";

const noNames = { own: undefined, others: new Set<string>() };

export function wordsOf(text: string): string {
  const words = parseMessage(text, noNames).map(ofBlock).join(" ");
  return withoutHidden(words.trim() === "" ? text : words);
}

/** Anything that may be Markdown in a single line; most lines contain none and need no parsing. */
const marks = /[`*_~#<>|[\]\\&]|:[a-z0-9_+-]+:|^\s*(?:[-+]|\d+[.)])\s/u;
/** Code fences in the middle of a line, with the language name. */
const fences = /(?<!\S)(?:`{3,}|~{3,})(?:[\w+#.-]*\s)?|(?:`{3,}|~{3,})(?!\S)/gu;

/**
 * Returns the text of a message that was joined into one line and perhaps cut, so that Markdown at its end may be
 * incomplete.
 */
export function wordsOfLine(line: string): string {
  if (!marks.test(line)) return line;
  const whole = line.replaceAll(fences, "");
  return whole.endsWith("…") ? `${wordsOf(closeOpenMarks(whole.slice(0, -1)))}…` : wordsOf(whole);
}

/** A link whose end is missing, with or without its address. */
const cutLink = /!?\[([^[\]]*)(?:\]\([^()\s]*)?$/u;
/**
 * Marks that open or close emphasis or code; escapes and addresses are skipped. Underscores before a single word may be
 * part of its name.
 */
const toggles = new RegExp(
  [
    String.raw`\\.|https?:\/\/\S*[^\s*_~\u0060]`,
    String.raw`(?<opens>\u0060+|(?<![\p{L}\p{N}])(?:(?:\*{1,3}|~~)(?=\S)|_{1,3}(?=\S+\s)))`,
    String.raw`(?<closes>(?<=\S)(?:\*{1,3}|_{1,3}|~~)(?![\p{L}\p{N}]))`,
  ].join("|"),
  "gu",
);

/** Closes all marks that the line opened. */
function closeOpenMarks(cut: string): string {
  const line = cut
    .replace(cutLink, "$1")
    .replace(/<(?=https?:\/\/\S*$)/iu, "")
    .trimEnd();
  const open: string[] = [];
  for (const { 0: mark, groups } of line.matchAll(toggles)) {
    const at = open.lastIndexOf(mark);
    // Inside code there is no emphasis.
    if (open.at(-1)?.startsWith("`") === true && mark !== open.at(-1)) continue;
    if (at !== -1) open.splice(at);
    else if (groups?.["opens"] !== undefined) open.push(mark);
  }
  return line + open.reverse().join("");
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
