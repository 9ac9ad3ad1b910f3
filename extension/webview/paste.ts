// Decides whether pasted text becomes a code block. Code is what comes from a text editor, a diff, and several indented
// lines that are not a list. No DOM.

import { codeBlock, isDiff } from "../../protocol/text/code-block.ts";
import { object, optional, string } from "../../protocol/validate.ts";
import { readPosted } from "../../protocol/page/page-messages.ts";

/** The clipboard type by which VS Code's editors add the language to a text. */
export const editorDataType = "vscode-editor-data";
const editorData = object({ mode: optional(string({ max: 64 })) });

/** Languages in which people write prose, even in an editor. */
const prose: ReadonlySet<string> = new Set(["", "plaintext", "markdown", "git-commit", "scminput", "latex"]);
const item = /^\s*(?:[-*+]|\d{1,9}[.)]|>)\s/u;
const indented = /^(?:\t| {2,})\S/u;
const leastIndented = 2;

/** The fences around a pasted text. */
export interface Fences {
  readonly before: string;
  readonly behind: string;
}

/** The clipboard's data of `editorDataType`; undefined if the text comes from elsewhere. */
export function editorLanguageOf(data: string): string | undefined {
  try {
    return readPosted(editorData, JSON.parse(data))?.mode;
  } catch {
    return undefined;
  }
}

/** Returns undefined if the text is not code, or only part of a line. */
export function fencesFor(text: string, editorLanguage: string | undefined): Fences | undefined {
  const language = languageOf(text, editorLanguage);
  if (language === undefined) return undefined;
  const block = codeBlock(text, language);
  const end = block.lastIndexOf("\n");
  return {
    before: block.slice(0, block.indexOf("\n") + 1),
    behind: `${block.slice(text.endsWith("\n") ? end + 1 : end)}\n`,
  };
}

function languageOf(text: string, editorLanguage: string | undefined): string | undefined {
  if (!text.includes("\n") || text.trim() === "") return undefined;
  if (isDiff(text)) return "diff";
  if (!prose.has(editorLanguage ?? "")) return editorLanguage;
  return looksLikeCode(text) ? "" : undefined;
}

function looksLikeCode(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.some((line) => /^\s*(?:`{3}|~{3})/u.test(line))) return false; // it has fences of its own
  const count = (what: RegExp): number => lines.filter((line) => what.test(line)).length;
  return count(indented) >= Math.max(leastIndented, lines.length / 5) && count(item) < lines.length / 2;
}
