// Every text that the extension shows passes `t`, so that it can be translated: the English text is the key of
// l10n/bundle.l10n.*.json, `{0}` stands for an argument. VS Code's own function takes over at activation; without it, as in
// tests, the text stays English.

import { sentences } from "../protocol/sentences.ts";

type Argument = string | number;
type Translate = (text: string, ...given: Argument[]) => string;

let translate: Translate = fill;
let language: string | undefined;

export function t(text: string, ...given: Argument[]): string {
  return translate(text, ...given);
}

/** The reason of a refusal: translated where it is one of ours, else as whoever refused worded it. */
export function reasonWords(reason: string): string {
  return sentences.has(reason) ? translate(reason) : reason;
}

/** In which times and dates are written; undefined: that of the machine. */
export function displayLanguage(): string | undefined {
  return language;
}

/** Once, at activation, before anything is shown. */
export function useTranslations(translations: Translate, shownIn?: string): void {
  translate = translations;
  language = shownIn;
}

function fill(text: string, ...given: Argument[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index) => String(given[Number(index)] ?? whole));
}
