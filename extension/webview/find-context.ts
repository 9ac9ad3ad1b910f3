// Returns the words around a hit in a message, on one line. No DOM.

import { placesOf } from "../../protocol/search/query.ts";

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

const before = 24;
const shown = 160;

/** @param asked the query as the search accepts it (protocol/search/query.ts) */
export function contextOf(text: string, asked: string): readonly Piece[] {
  const line = text.slice(0, 70_000).replaceAll(/\s+/gu, " ").trim();
  const marks = placesOf(line, asked);
  const first = marks[0]?.from ?? 0;
  const start = first > before + 8 ? wordFrom(line, first - before, first) : 0;
  const end = start + shown;
  const pieces: Piece[] = start > 0 ? [{ text: "…", found: false }] : [];
  let at = start;
  for (const { from, to } of marks) {
    if (to > end) break;
    if (from > at) pieces.push({ text: line.slice(at, from), found: false });
    pieces.push({ text: line.slice(from, to), found: true });
    at = to;
  }
  if (at < line.length) pieces.push({ text: `${line.slice(at, end)}${end < line.length ? "…" : ""}`, found: false });
  return pieces;
}

/** Returns where the first whole word after `from` begins, or `from` if there is none before `to`. */
function wordFrom(line: string, from: number, to: number): number {
  const space = line.indexOf(" ", from);
  return space !== -1 && space < to ? space + 1 : from;
}
