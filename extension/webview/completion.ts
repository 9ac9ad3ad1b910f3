// Completion in the composer: names after `@`, commands after `/` at the beginning, emoji after `:`. Nothing in a code
// block, where these mean something else. Turns the text and the caret into choices, and a choice back into a text. No DOM.

import { keyOfName } from "../../protocol/names.ts";
import { emojiMatching } from "../markdown/emoji-names.ts";
import { endsInCode } from "../markdown/parse.ts";
import { slashCommandsFor } from "./slash-commands.ts";
import { texts } from "./texts.ts";

export interface Offer {
  readonly label: string;
  readonly detail: string;
  /** Replaces what was typed. */
  readonly text: string;
}

export interface Completion {
  /** Where the typed prefix begins. */
  readonly start: number;
  readonly offers: readonly Offer[];
}

export interface Known {
  /** The names that match the latest prefix, as reported by the host. */
  readonly names: readonly string[];
  readonly everyone: boolean;
}

const maxOffers = 8;

/** Returns the typed prefix of a name; undefined if there is none. */
export function nameAt(text: string, caret: number): string | undefined {
  const found = typedAt(text, caret);
  return found?.startsWith("@") === true ? found.slice(1) : undefined;
}

export function completionAt(text: string, caret: number, known: Known): Completion | undefined {
  const found = typedAt(text, caret);
  if (found === undefined) return undefined;
  const start = caret - found.length;
  const offers = offersFor(found, start === 0, known).slice(0, maxOffers);
  return offers.length === 0 || endsInCode(text.slice(0, start)) ? undefined : { start, offers };
}

function typedAt(text: string, caret: number): string | undefined {
  const before = text.slice(Math.max(0, caret - 80), caret);
  return /(?:^|\s|\()([@:/][^\s@:/]{0,64})$/u.exec(before)?.[1];
}

/** Returns the text with the offer inserted, and the new position of the caret. */
export function completed(text: string, caret: number, start: number, offer: Offer): { text: string; caret: number } {
  const head = `${text.slice(0, start)}${offer.text} `;
  return { text: head + text.slice(caret).replace(/^ /u, ""), caret: head.length };
}

function offersFor(typed: string, first: boolean, { names, everyone }: Known): readonly Offer[] {
  const word = typed.slice(1).toLowerCase();
  switch (typed[0]) {
    case "@":
      return names
        .filter((name) => keyOfName(name).startsWith(keyOfName(word)))
        .map((name) => ({ label: `@${name}`, detail: "", text: `@${name}` }));
    case "/":
      if (!first) return [];
      return slashCommandsFor(everyone)
        .filter((each) => each.name.startsWith(word))
        .map(({ name, takesWords }) => ({
          label: takesWords ? `/${name} ${texts.slashWords}` : `/${name}`,
          detail: texts.slash[name],
          text: `/${name}`,
        }));
    default:
      if (word.length < 2) return [];
      return emojiMatching(word).map(([name, emoji]) => ({ label: `${emoji} :${name}:`, detail: "", text: emoji }));
  }
}
