// Translates sentences of a daemon or a server into the language of a window. Those programs say in English why something
// is refused or ended, and that text goes over the wire, into logs and into the history. The sentences it is made from are
// keys of the translations (`Nothing listens at {0}.`). So a window finds the sentence behind a text, reads the arguments
// back, and shows it in its own language. That also works for text of an older daemon or another server, and for text that
// was stored long ago. Text that fits no sentence is shown unchanged. Nothing is decided by it.

type Translate = (sentence: string, ...given: string[]) => string;

interface Template {
  readonly sentence: string;
  /** The text before, between and after the arguments. */
  readonly pieces: readonly string[];
  /** Which argument follows each piece except the last. */
  readonly places: readonly number[];
}

/** A sentence with fewer letters could match any text. */
const minLetters = 10;
/** A sentence may quote another one. */
const maxDepth = 3;
/** How many sentences in a row are looked for. */
const maxSentences = 8;

/** @param sentences the keys of the translations; `translate` is called with one of them and its arguments */
export function createRewording(sentences: Iterable<string>, translate: Translate): (text: string) => string {
  const whole = new Set(sentences);
  let templates: readonly Template[] | undefined;

  const reword = (text: string, depth: number): string | undefined => {
    if (depth > maxDepth) return undefined;
    if (whole.has(text)) return translate(text);
    templates ??= templatesOf(whole);
    for (const template of templates) {
      const given = argumentsOf(template, text);
      // A name or an address has no spaces; anything else may be a sentence of its own.
      const words = given?.map((each) => (each.includes(" ") ? rewordAll(each, depth + 1) : each));
      if (words) return translate(template.sentence, ...words);
    }
    return undefined;
  };
  /** Translates as much as is known: sentence by sentence if there are several. */
  const rewordAll = (text: string, depth: number): string => {
    const shown: string[] = [];
    let rest = text;
    let isKnown = false;
    while (rest !== "") {
      const ends = shown.length < maxSentences ? endsOf(rest) : [rest.length];
      const known = ends.map((end) => ({ end, words: reword(rest.slice(0, end), depth) }));
      const longest = known.find(({ words }) => words !== undefined);
      const end = longest?.end ?? ends.at(-1) ?? rest.length;
      isKnown ||= longest !== undefined;
      shown.push(longest?.words ?? rest.slice(0, end));
      rest = rest.slice(end + 1);
    }
    return isKnown ? shown.join(" ") : text;
  };

  return (text) => rewordAll(text, 0);
}

/** The positions where the first sentence of the text may end, the last one first. */
function endsOf(text: string): readonly number[] {
  const ends = Array.from(text.matchAll(/[.?!…](?= )/gu), ({ index }) => index + 1).slice(0, maxSentences);
  return [text.length, ...ends.reverse()];
}

function templatesOf(sentences: Iterable<string>): readonly Template[] {
  const found: (Template & { readonly letters: number })[] = [];
  for (const sentence of sentences) {
    const parts = sentence.split(/\{(\d+)\}/);
    const pieces = parts.filter((_, index) => index % 2 === 0);
    const places = parts.filter((_, index) => index % 2 === 1).map(Number);
    const letters = pieces.join("").replaceAll(/\P{L}/gu, "").length;
    if (places.length > 0 && letters >= minLetters) found.push({ sentence, pieces, places, letters });
  }
  // The more letters a sentence has, the less likely it fits by chance.
  return found.sort((one, other) => other.letters - one.letters);
}

/** Looks for each piece once, from the left: hostile text costs no more than its length. */
function argumentsOf({ pieces, places }: Template, text: string): string[] | undefined {
  const [first = ""] = pieces;
  const last = pieces.at(-1) ?? "";
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
  const end = text.length - last.length;
  const given: string[] = [];
  let at = first.length;
  for (const [index, place] of places.entries()) {
    const isLast = index === places.length - 1;
    const next = isLast ? end : text.indexOf(pieces[index + 1] ?? "", at + 1);
    if (next <= at || next > end) return undefined;
    given[place] = text.slice(at, next);
    at = next + (pieces[index + 1]?.length ?? 0);
  }
  return given;
}
