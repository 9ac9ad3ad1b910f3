// How a text is cut into words for the index, and a query into the words that are looked for. Scripts that put no spaces
// between words, and emoji, are indexed character by character, so that any part of them is found as a phrase. A query
// has no operators: whatever is typed is words.

const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}\p{Extended_Pictographic}]/gu;
/** What the index keeps; everything else stands between words. */
const wordPart = /[\p{L}\p{N}\p{M}\p{Co}\p{So}]+/gu;
const maxQueryWords = 32;

/** As it goes into the index: the same for the same text, at any time, because it is taken out by it again. */
export function indexed(text: string): string {
  return text.toWellFormed().normalize("NFKC").replace(unspaced, " $& ");
}

/** The query in the language of the index; undefined where nothing in it can be looked for. */
export function matchOf(query: string): string | undefined {
  const phrases: string[] = [];
  for (const word of query.split(/\s+/u)) {
    const parts = indexed(word).match(wordPart);
    if (parts && phrases.length < maxQueryWords) phrases.push(`"${parts.join(" ")}"*`);
  }
  return phrases.length === 0 ? undefined : phrases.join(" ");
}
