// Removes what search ignores: case, marks above and below letters, width and other compatibility forms, and invisible
// characters. Marks are removed if they belong to a script that can be read without them (Latin, Greek, Cyrillic, Arabic,
// Hebrew, Syriac, Coptic, and the marks of no script). In Devanagari, Thai and similar scripts they are vowels, and stay.
// So do letters that people consider different: й, ї, ў, ѓ and ќ are not и, і, у, г and к, and が is not か.

import { foldCase } from "../text/case-folding.ts";

/** Marks of scripts that are read without them. The voiced marks of Kana have no script, and make another syllable. */
const marks =
  /(?![\u3099\u309a])(?=[\p{Mn}\p{Me}])[\p{sc=Zinh}\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Copt}]/gu;
const cyrillicLetters =
  /[\u0418\u0438]\u0306|[\u0423\u0443]\u0306|[\u0406\u0456]\u0308|[\u0413\u0433\u041a\u043a]\u0301/gu;
/** The remains of a compatibility form (⑴, ½, ﷺ), the sign that only stretches Arabic words, and invisible characters. */
const noLetter = /[^\p{L}\p{N}\p{M}]|\u0640|\p{Default_Ignorable_Code_Point}/gu;
/** Letters with a stroke or hook, and ligatures: Unicode sorts them as variants of these, but has no marks for them. */
const variants: Readonly<Record<string, string>> = {
  ...{ ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", ı: "i", æ: "ae", œ: "oe" },
};
const variant = /[øłđðħŧıæœ]/gu;

/**
 * @param cluster a letter or digit with its marks
 * @returns what it is compared by: usually one character, several for a ligature, none if nothing of it counts
 */
export function foldLetter(cluster: string): string {
  const letters = cluster
    .normalize("NFKD")
    // These letters are composed again, so that their mark is not removed.
    .replace(cyrillicLetters, compose)
    .replace(marks, "");
  return foldCase(letters).normalize("NFC").replace(variant, unvaried).replace(noLetter, "");
}

/** Ignores colour and skin tone: 👍🏽 and 👍, ❤️ and ❤. */
export function foldSymbol(cluster: string): string {
  return cluster.replace(/[\ufe0e\ufe0f\p{Emoji_Modifier}]/gu, "");
}

function compose(letter: string): string {
  return letter.normalize("NFC");
}

function unvaried(letter: string): string {
  return variants[letter] ?? letter;
}
