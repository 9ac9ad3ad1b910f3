// The text that a person copies from a message to the clipboard or into an editor. If it has invisible characters, the
// person first decides what to do with them. No vscode.

import type { ChatMessage } from "../../protocol/api/model.ts";
import { hiddenKinds, withoutHidden } from "../../protocol/text/hidden-characters.ts";
import { codeBlockOf } from "../markdown/parse.ts";
import type { HiddenChoice } from "./panel-actions.ts";

export interface CopiedText {
  readonly text: string;
  readonly language: string;
}

/** Returns the text of a message, or of one of its code blocks. */
export function textOf(message: ChatMessage | undefined, block: number | undefined): CopiedText | undefined {
  if (message === undefined || block === undefined) return message && { text: message.text, language: "markdown" };
  return codeBlockOf(message.text, block);
}

/** @param chosen the person's answer, if the page has already asked. Resolves with undefined if they cancel */
export async function asWanted(
  taken: CopiedText,
  chosen: HiddenChoice | undefined,
  ask: (kinds: readonly string[]) => Promise<HiddenChoice | undefined>,
): Promise<CopiedText | undefined> {
  const kinds = hiddenKinds(taken.text);
  if (kinds.length === 0) return taken;
  const choice = chosen ?? (await ask(kinds));
  if (choice === undefined) return undefined;
  return choice === "kept" ? taken : { ...taken, text: withoutHidden(taken.text) };
}
