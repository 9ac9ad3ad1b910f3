// What a person searches for, and whether a text matches. Everything typed is words: there are no operators. A text has to
// contain all the words. A word of three or more letters is found anywhere, also inside a longer word or the name of a
// program. A shorter one is found only where a word or a part of a name begins, or anywhere in scripts without spaces. What
// is typed without a space, such as `foo(bar`, has to be together in the text.

import { runsOf } from "./runs.ts";
import type { Run, RunKind } from "./runs.ts";

export interface Term {
  readonly kind: RunKind;
  /** Folded. */
  readonly text: string;
}

/** Several terms that have to follow each other. */
export type Phrase = readonly [Term, ...Term[]];

/** Where something was found: from `from` to before the other position. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** A shorter term is only searched at the beginning of words. */
export const shortestInside = 3;
const maxPhrases = 32;
const maxPlaces = 50;

/** @returns an empty list if there is nothing to search for */
export function phrasesOf(query: string): Phrase[] {
  const phrases = new Map<string, Phrase>();
  for (const word of query.split(/\s+/u)) {
    const [first, ...rest] = runsOf(word).map(({ kind, text }): Term => ({ kind, text }));
    if (first && phrases.size < maxPhrases) phrases.set(JSON.stringify([first, rest]), [first, ...rest]);
  }
  return [...phrases.values()];
}

export function holds(text: string, phrases: readonly Phrase[]): boolean {
  const runs = runsOf(text);
  return phrases.every((phrase) => runs.some((_, at) => findPhrase(runs, at, phrase, 0) !== undefined));
}

/** Where the words of the query are in a text: in order, without overlaps. At most 50. */
export function placesOf(text: string, query: string): Place[] {
  const phrases = phrasesOf(query);
  const runs = runsOf(text);
  const found: Place[] = [];
  for (const [at, run] of runs.entries()) {
    for (const phrase of phrases) {
      for (let next = 0; next < run.text.length && found.length < maxPlaces * phrases.length;) {
        const place = findPhrase(runs, at, phrase, next);
        if (!place) break;
        found.push(place);
        next = place.next;
      }
    }
  }
  return merged(found);
}

/**
 * The first place at or after position `start` of that run where the phrase begins.
 * @returns `next`: where another one may begin in that run
 */
function findPhrase(
  runs: readonly Run[],
  at: number,
  phrase: Phrase,
  start: number,
): (Place & { readonly next: number }) | undefined {
  const run = runs[at];
  const [first, ...rest] = phrase;
  if (run?.kind !== first.kind) return undefined;
  const begin = rest.length === 0 ? findTerm(run, first, start) : findAtEnd(run, first, start);
  if (begin === undefined) return undefined;
  let last = { run, end: begin + first.text.length };
  for (const [offset, term] of rest.entries()) {
    const next = runs[at + offset + 1];
    const isLast = offset === rest.length - 1;
    const fits = next?.kind === term.kind && (isLast ? isBeginning(next, term) : next.text === term.text);
    if (!fits) return undefined;
    last = { run: next, end: term.text.length };
  }
  const to = last.run.to[last.run.kind === "symbol" ? 0 : last.end - 1];
  const from = run.from[run.kind === "symbol" ? 0 : begin];
  if (from === undefined || to === undefined) return undefined;
  return { from, to, next: begin + first.text.length };
}

function findTerm(run: Run, { kind, text }: Term, start: number): number | undefined {
  if (kind === "symbol") return start === 0 && run.text === text ? 0 : undefined;
  if (kind === "unspaced" || text.length >= shortestInside) {
    const at = run.text.indexOf(text, start);
    return at < 0 ? undefined : at;
  }
  return run.parts.find((part) => part >= start && run.text.startsWith(text, part));
}

/** The rest of the phrase is in the next run, so the term ends with this one. */
function findAtEnd(run: Run, { text }: Term, start: number): number | undefined {
  const at = run.text.length - text.length;
  return at >= start && run.text.endsWith(text) ? at : undefined;
}

function isBeginning(run: Run, { kind, text }: Term): boolean {
  return kind === "symbol" ? run.text === text : run.text.startsWith(text);
}

function merged(places: readonly Place[]): Place[] {
  const result: Place[] = [];
  for (const place of [...places].sort((one, other) => one.from - other.from || one.to - other.to)) {
    const last = result.at(-1);
    if (last && place.from < last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, place.to) };
    else if (result.length < maxPlaces) result.push({ from: place.from, to: place.to });
    else break;
  }
  return result;
}
