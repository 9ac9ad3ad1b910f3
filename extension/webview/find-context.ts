// The words around what was found in a message, on one line. No DOM.

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

const before = 24;
const shown = 160;

/** `asked`: words or beginnings of words, as the search takes them; case and accents are not looked at. */
export function contextOf(text: string, asked: string): readonly Piece[] {
  const line = text.slice(0, 70_000).replaceAll(/\s+/gu, " ").trim();
  const plain = folded(line);
  const marks = marksIn(
    plain,
    folded(asked)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ""),
  );
  const first = marks[0]?.[0] ?? 0;
  const start = first > before + 8 ? wordFrom(line, first - before, first) : 0;
  const end = start + shown;
  const pieces: Piece[] = start > 0 ? [{ text: "…", found: false }] : [];
  let at = start;
  for (const [from, to] of marks) {
    if (to > end) break;
    if (from > at) pieces.push({ text: line.slice(at, from), found: false });
    pieces.push({ text: line.slice(from, to), found: true });
    at = to;
  }
  if (at < line.length) pieces.push({ text: `${line.slice(at, end)}${end < line.length ? "…" : ""}`, found: false });
  return pieces;
}

/** Where the first whole word behind `from` begins; `from` where there is none before `to`. */
function wordFrom(line: string, from: number, to: number): number {
  const space = line.indexOf(" ", from);
  return space !== -1 && space < to ? space + 1 : from;
}

/** Each of the words where it begins one, in order and without overlap; at most 50. */
function marksIn(plain: string, words: readonly string[]): [number, number][] {
  const marks: [number, number][] = [];
  for (const match of plain.matchAll(/[\p{L}\p{N}]+/gu)) {
    const word = words.filter((each) => match[0].startsWith(each)).sort((a, b) => b.length - a.length)[0];
    if (word !== undefined) marks.push([match.index, match.index + word.length]);
    if (marks.length >= 50) break;
  }
  return marks;
}

/** Character for character, so that places stay the same. */
function folded(text: string): string {
  if (!/\P{ASCII}/u.test(text)) return text.toLowerCase();
  return Array.from({ length: text.length }, (_, at) => {
    const unit = text.charAt(at);
    const base = unit.normalize("NFD").charAt(0).toLowerCase();
    return base.length === 1 ? base : unit;
  }).join("");
}
