// What was dropped onto a contact, as the text of a message: a file becomes a code block under its name. Refuses, in
// words, what is no text or too long. No vscode.

import { t } from "../l10n.ts";
import { plainLine } from "../plain-text.ts";

export const maxDroppedBytes = 48 * 1_024;

export type Dropped = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

export function droppedFile(name: string, bytes: Uint8Array): Dropped {
  const shown = plainLine(name, 120);
  if (bytes.length > maxDroppedBytes) return { ok: false, reason: tooLong(shown) };
  const content = textOf(bytes);
  if (content === undefined)
    return { ok: false, reason: t("{0} is no text, so it cannot be sent as a message.", shown) };
  if (content.trim() === "") return { ok: false, reason: t("{0} is empty.", shown) };
  return { ok: true, text: `${shown}\n${codeBlock(content, languageOf(name))}` };
}

export function droppedText(text: string): Dropped {
  if (text.trim() === "") return { ok: false, reason: t("There is nothing to send.") };
  if (new TextEncoder().encode(text).length > maxDroppedBytes)
    return { ok: false, reason: tooLong(t("The selection")) };
  return { ok: true, text: codeBlock(text, "") };
}

/** For a file that is not read at all because of its size. */
export function tooLong(name: string): string {
  return t("{0} is longer than {1} KB. Send a part of it.", name, maxDroppedBytes / 1_024);
}

/** The fence is longer than any in the text, so that nothing in it ends the block. */
function codeBlock(content: string, language: string): string {
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${content.replace(/\r\n?/g, "\n").replace(/\n$/, "")}\n${fence}`;
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function languageOf(name: string): string {
  return /\.([A-Za-z0-9]{1,12})$/.exec(name)?.[1]?.toLowerCase() ?? "";
}
