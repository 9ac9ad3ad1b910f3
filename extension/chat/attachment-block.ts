// Turns a file, a selection or a text into a code block for the composer of a chat. Text only, of a size that fits into a
// message; anything else is refused with a reason. No vscode.

import { codeBlock } from "../../protocol/text/code-block.ts";
import { t } from "../ui/l10n.ts";
import { plainLine } from "../ui/plain-text.ts";

/** A message holds 60 KiB; this leaves room for other text. */
export const maxAttachedBytes = 48 * 1_024;

export type Attachment = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** `name` is written above the block, `language` after its first fence. */
export function attachmentOf(bytes: Uint8Array, name: string, language: string): Attachment {
  if (bytes.length > maxAttachedBytes) return refusalOf("large", name);
  const text = decoded(bytes);
  if (text === undefined) return refusalOf("binary", name);
  if (text.trim() === "") return refusalOf("empty", name);
  const label = plainLine(name, 120).replaceAll("`", "'");
  return { ok: true, text: `\`${label}\`\n${codeBlock(text, language)}\n` };
}

/** Turns a text without a file into an attachment. */
export function attachmentOfText(text: string): Attachment {
  if (text.trim() === "") return { ok: false, reason: t("There is nothing to send.") };
  if (new TextEncoder().encode(text).length > maxAttachedBytes) return refusalOf("large", t("The selection"));
  return { ok: true, text: `${codeBlock(text, "")}\n` };
}

export function refusalOf(why: "large" | "binary" | "empty" | "unreadable", name: string): Attachment {
  const which = plainLine(name, 80);
  const words = {
    large: t(
      "{0} is larger than 48 KB, which is more than a message takes. Select the part that matters and attach that.",
      which,
    ),
    binary: t(
      "{0} is not a text file, and messages are text. Put it where the other person can get it and send the link.",
      which,
    ),
    empty: t("{0} is empty: there is nothing to send.", which),
    unreadable: t("{0} cannot be read. Is it still there, and may you read it?", which),
  };
  return { ok: false, reason: words[why] };
}

/** Returns the language of a file by its extension. */
export function languageOf(name: string): string {
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "";
}

function decoded(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
