// Differences from the Markdown library. An address is recognized before emphasis, entities and escapes, so that it is
// shown and opened as it was typed (`__init__.py`, `?a=1&copy;=2`). Long runs of opening brackets, which cannot become a
// link, are text.

import type { Delimiter, MarkdownIt, StateInline } from "markdown-it";
import { addressEnd } from "./find-address.ts";
import { safeLink } from "./link-policy.ts";

const colon = 0x3a;
/** Before the colon. */
const scheme = /(?<![A-Za-z0-9]_{0,8})(?:https?|mailto)$/iu;
const runs = /\*+|_+|~~+/gu;
/** More opening brackets in a row than this open no link. */
const maxRun = 32;
const manyLinks = "[".repeat(maxRun);
const manyImages = "![".repeat(maxRun);

export function useOwnRules({ inline }: MarkdownIt): void {
  inline.ruler.at("linkify", address);
  inline.ruler.before("link", "bracket_runs", bracketRuns);
}

/** The library reads text up to a colon; the text before it tells whether an address starts there. */
function address(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  if (src.charCodeAt(pos) !== colon) return false;
  const begun = scheme.exec(src.slice(Math.max(0, pos - 16), pos))?.[0];
  // A backslash may have taken its first letter. `pending` is not inspected, because reading it costs its whole length.
  if (begun === undefined || !(silent || state.pending.length >= begun.length)) return false;
  const end = addressEnd(src, pos - begun.length, posMax, (from, to) => (silent ? to : emphasisEnd(state, from, to)));
  if (end === undefined || end <= pos) return false;
  if (!silent) push(state, src.slice(pos - begun.length, end), begun.length);
  state.pos = end;
  return true;
}

function push(state: StateInline, text: string, pendingLength: number): void {
  const url = state.linkLevel > 0 ? undefined : safeLink(text);
  state.pending = state.pending.slice(0, -pendingLength);
  if (url !== undefined) state.push("link_open", "a", 1).attrs = [["href", url]];
  state.push("text", "", 0).content = text;
  if (url !== undefined) state.push("link_close", "a", -1);
}

/** Returns where emphasis ends that started before the address, as in `**see https://a.example**`. */
function emphasisEnd(state: StateInline, from: number, to: number): number {
  const open = openRuns(state.delimiters);
  if (open.size === 0) return to;
  for (const { 0: run, index } of state.src.slice(from, to).matchAll(runs)) {
    const marker = run.charCodeAt(0);
    if (open.get(marker)?.at(-1) !== run.length) continue;
    if (state.scanDelims(from + index, run[0] !== "_").can_close) return from + index;
  }
  return to;
}

interface Followed {
  /** How many delimiters have been processed. */
  at: number;
  /** By marker, the lengths of runs that are open, innermost last. */
  readonly open: Map<number, number[]>;
}

const tracked = new WeakMap<readonly Delimiter[], Followed>();

/** Processes every delimiter once, however many addresses there are. */
function openRuns(delimiters: readonly Delimiter[]): Followed["open"] {
  const known = tracked.get(delimiters) ?? { at: 0, open: new Map<number, number[]>() };
  tracked.set(delimiters, known);
  for (let first = delimiters[known.at]; first !== undefined; first = delimiters[known.at]) {
    // One delimiter per character, except for strikethrough, which has one per two and no length.
    const length = first.length ?? 0;
    known.at += Math.max(1, length);
    track(known.open, first.marker, length === 0 ? 2 : length, first);
  }
  return known.open;
}

function track(open: Followed["open"], marker: number, length: number, { open: opens, close }: Delimiter): void {
  const lengths = open.get(marker) ?? [];
  let left = length;
  while (close && left > 0 && lengths.length > 0) {
    const innermost = lengths.pop() ?? 0;
    if (innermost > left) lengths.push(innermost - left);
    left -= Math.min(left, innermost);
  }
  if (opens && left > 0) lengths.push(left);
  if (lengths.length > 0) open.set(marker, lengths);
  else open.delete(marker);
}

function bracketRuns(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  const length = src.startsWith(manyLinks, pos) ? 1 : src.startsWith(manyImages, pos) ? 2 : 0;
  if (length === 0) return false;
  if (!silent) state.pending += src.slice(pos, pos + length);
  state.pos += length;
  return true;
}
