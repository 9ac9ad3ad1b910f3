// Sentences of a daemon or a server in the language of a window. Those programs word in English why something is refused or
// ended, and that text is what goes over the wire, into logs and into the history. The sentences they are made from are keys
// of the translations (`Nothing listens at {0}.`), so a window finds the one that a text was made from, reads the arguments
// back and says it in its own language. That works for what an older daemon or another server said, and what was stored long
// ago. What fits no sentence is shown as it came; nothing is decided by it.

type Translate = (sentence: string, ...given: string[]) => string;

interface Template {
  readonly sentence: string;
  /** What stands before, between and behind the arguments. */
  readonly pieces: readonly string[];
  /** Which argument stands behind each piece but the last. */
  readonly places: readonly number[];
}

/** Fewer letters could be those of any text. */
const minLetters = 10;
/** A sentence may quote another one. */
const maxDepth = 3;
/** Of what is looked through for sentences that stand one behind the other. */
const maxSentences = 8;

/** @param sentences the keys of the translations; `translate` is called with one of them, and its arguments */
export function createRewording(sentences: Iterable<string>, translate: Translate): (text: string) => string {
  const whole = new Set(sentences);
  let templates: readonly Template[] | undefined;

  const reword = (text: string, depth: number): string | undefined => {
    if (depth > maxDepth) return undefined;
    if (whole.has(text)) return translate(text);
    templates ??= templatesOf(whole);
    for (const template of templates) {
      const given = argumentsOf(template, text);
      // A name or an address is one word; more may be a sentence of its own.
      const words = given?.map((each) => (each.includes(" ") ? rewordAll(each, depth + 1) : each));
      if (words) return translate(template.sentence, ...words);
    }
    return undefined;
  };
  /** As far as they are known: sentence by sentence where they are several. */
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

/** Where a sentence may end that the text begins with, the last first. */
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
  // What says more fits less by chance.
  return found.sort((one, other) => other.letters - one.letters);
}

/** Looks for each piece once, from the left: what a stranger wrote costs no more than its length. */
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
