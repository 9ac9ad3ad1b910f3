// Every text that the extension shows passes `t`, so that it can be translated: the English text is the key of
// l10n/bundle.l10n.*.json, `{0}` stands for an argument. What a daemon or a server worded passes `reasonWords`: its sentences
// are keys of the same bundles. VS Code's own function takes over at activation; without it, as in tests, and where a
// translation is missing, the text is English.

import { createRewording } from "../../protocol/text/rewording.ts";

type Argument = string | number;
type Translate = (text: string, ...given: Argument[]) => string;

let translate: Translate = fill;
let reword = asItCame;
let language: string | undefined;

export function t(text: string, ...given: Argument[]): string {
  return translate(text, ...given);
}

/** What a daemon or a server said: translated where it is one of their sentences, else as it came. */
export function reasonWords(reason: string): string {
  return reword(reason);
}

/** In which times and dates are written; undefined: that of the machine. */
export function displayLanguage(): string | undefined {
  return language;
}

/**
 * Once, at activation, before anything is shown.
 * @param texts by their English; undefined where it is English that is shown
 */
export function useTranslations(
  translations: Translate,
  shownIn?: string,
  texts?: Readonly<Record<string, string>>,
): void {
  translate = translations;
  language = shownIn;
  reword = texts === undefined ? asItCame : createRewording(Object.keys(texts), translations);
}

function asItCame(reason: string): string {
  return reason;
}

function fill(text: string, ...given: Argument[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index) => String(given[Number(index)] ?? whole));
}
