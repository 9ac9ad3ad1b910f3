// Every text that the extension shows passes `t`, so that it can be translated: the English text is the key of
// l10n/bundle.l10n.*.json, `{0}` stands for an argument. VS Code's own function takes over at activation; without it, as in
// tests, the text stays English.

type Argument = string | number;
type Translate = (text: string, ...given: Argument[]) => string;

let translate: Translate = fill;

export function t(text: string, ...given: Argument[]): string {
  return translate(text, ...given);
}

/** Once, at activation, before anything is shown. */
export function useTranslations(translations: Translate): void {
  translate = translations;
}

function fill(text: string, ...given: Argument[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index) => String(given[Number(index)] ?? whole));
}
