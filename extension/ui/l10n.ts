// Every text that the extension shows passes through `t`, so that it can be translated: the English text is the key in
// l10n/bundle.l10n.*.json, and `{0}` is replaced by an argument. Texts from a daemon or a server pass through
// `reasonWords`, because they are keys in the same bundles. VS Code's own function takes over at activation. Without it, as
// in tests, and for missing translations, the text is English.

import { createRewording } from "../../protocol/text/rewording.ts";

type Argument = string | number;
type Translate = (text: string, ...given: Argument[]) => string;

let translate: Translate = fill;
let reword = unchanged;
let language: string | undefined;

export function t(text: string, ...given: Argument[]): string {
  return translate(text, ...given);
}

/** Translates a text from a daemon or a server if it is known; otherwise returns it unchanged. */
export function reasonWords(reason: string): string {
  return reword(reason);
}

/** The language for times and dates; undefined: that of the machine. */
export function displayLanguage(): string | undefined {
  return language;
}

/**
 * Call once, at activation, before anything is shown.
 * @param texts by their English original; undefined if English is shown
 */
export function useTranslations(
  translations: Translate,
  shownIn?: string,
  texts?: Readonly<Record<string, string>>,
): void {
  translate = translations;
  language = shownIn;
  reword = texts === undefined ? unchanged : createRewording(Object.keys(texts), translations);
}

function unchanged(reason: string): string {
  return reason;
}

function fill(text: string, ...given: Argument[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index) => String(given[Number(index)] ?? whole));
}
