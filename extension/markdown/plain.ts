// The words of a message without its Markdown, for a quotation or a list: what a person would read aloud.

import { withoutHidden } from "../../protocol/text/hidden-characters.ts";
import { parseMessage } from "./parse.ts";
import type { Block, Inline } from "./message-tree.ts";

const nobody = { own: undefined, others: new Set<string>() };

export function wordsOf(text: string): string {
  const words = parseMessage(text, nobody).map(ofBlock).join(" ");
  return withoutHidden(words.trim() === "" ? text : words);
}

/** What may be Markdown in a single line; most lines hold none of it, and need not be read. */
const marks = /[`*_~#<>|[\]\\&]|:[a-z0-9_+-]+:|^\s*(?:[-+]|\d+[.)])\s/u;
/** Fences of code that does not begin a line any more, with the name of its language. */
const fences = /(?<!\S)(?:`{3,}|~{3,})(?:[\w+#.-]*\s)?|(?:`{3,}|~{3,})(?!\S)/gu;

/** Of a message that was made one line and perhaps cut, so that the Markdown at its end is not complete. */
export function wordsOfLine(line: string): string {
  if (!marks.test(line)) return line;
  const whole = line.replaceAll(fences, "");
  return whole.endsWith("…") ? `${wordsOf(completed(whole.slice(0, -1)))}…` : wordsOf(whole);
}

/** A link of which the end is missing, with or without its address. */
const cutLink = /!?\[([^[\]]*)(?:\]\([^()\s]*)?$/u;
/**
 * What opens emphasis or code, and what closes it, beside escapes and addresses. Underscores before a single word may be a
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

/** The line with everything closed that it opened. */
function completed(cut: string): string {
  const line = cut
    .replace(cutLink, "$1")
    .replace(/<(?=https?:\/\/\S*$)/iu, "")
    .trimEnd();
  const open: string[] = [];
  for (const { 0: mark, groups } of line.matchAll(toggles)) {
    const at = open.lastIndexOf(mark);
    // In code nothing is emphasis.
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
