// The page's translations. The host puts them into the page as data (chat/html.ts). Without any, as in English and in unit
// tests, the texts stay English.

import { pageTexts } from "../../protocol/page/page-texts.ts";
import { readPosted } from "../../protocol/page/page-messages.ts";
import { createRewording } from "../../protocol/text/rewording.ts";

const page = typeof document === "undefined" ? undefined : document;
const known = readTexts(page?.getElementById("texts")?.textContent ?? "[]");

/** The language of times and dates; undefined: that of the browser. */
export const language = languageOf(page?.documentElement.lang ?? "");

export function t(text: string, ...given: (string | number)[]): string {
  return (known.get(text) ?? text).replace(/\{(\d+)\}/g, (whole, index) => String(given[Number(index)] ?? whole));
}

/** Translates a sentence of the daemon or a server; an unknown one is returned unchanged. */
export const reasonWords = createRewording(known.keys(), t);

function readTexts(given: string): ReadonlyMap<string, string> {
  const texts = readPosted(pageTexts, JSON.parse(given)) ?? [];
  return new Map(texts.map(({ english, shown }) => [english, shown]));
}

function languageOf(given: string): string | undefined {
  return /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(given) ? given : undefined;
}
