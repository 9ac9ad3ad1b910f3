// How search cuts a text: into runs of letters that belong together, ignoring case and marks. The name of a program is one
// run with parts (`parse_http`, `parse-http` and `parseHTTP` have the same two), so that any of its spellings and each of
// its parts find it. Scripts without spaces between words have runs of their own, and so has every emoji, flag and sign.
// Everything else separates runs.

import { foldLetter, foldSymbol } from "./fold-text.ts";

/** `words`: letters and digits of scripts with spaces. `unspaced`: of those without. `symbol`: one emoji, flag or sign. */
export type RunKind = "words" | "unspaced" | "symbol";

export interface Run {
  readonly kind: RunKind;
  /** Folded; without the characters that join its parts. */
  readonly text: string;
  /** Positions in `text` where a part begins, the first of them 0. */
  readonly parts: readonly number[];
  /** For each position of `text`, where its source begins and ends in the whole text. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

const emoji = "\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]*[\\u{e0020}-\\u{e007f}]*";
const clusters = new RegExp(
  [
    "\\p{Regional_Indicator}{2}",
    "[0-9#*]\\ufe0f?\\u20e3",
    `${emoji}(?:\\u200d${emoji})*`,
    // Syllables that are written as their letters, and voiced Kana of half width.
    "[\\u1100-\\u115f\\ua960-\\ua97c][\\u1160-\\u11a7\\ud7b0-\\ud7c6]+[\\u11a8-\\u11ff\\ud7cb-\\ud7fb]*",
    "[\\uff66-\\uff9d][\\uff9e\\uff9f]",
    "\\P{M}?\\p{M}*",
  ].join("|"),
  "gu",
);
const unspacedScript =
  /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Java}\p{scx=Bali}\p{scx=Lana}\p{scx=Tale}\p{scx=Talu}\p{scx=Tibt}\p{scx=Yiii}]/u;
const letter = /^[\p{L}\p{N}\p{M}]/u;
const pictograph = /^[\p{Extended_Pictographic}\p{Regional_Indicator}]|\u20e3/u;
const sign = /^[\p{So}\p{Sc}\p{Sm}\p{Co}]/u;
const ascii = /^[\0-\x7f]*$/;
const upper = /^[\p{Lu}\p{Lt}]/u;
const lower = /^\p{Ll}/u;
const digit = /^\p{Nd}/u;
/** Underscores, hyphens and apostrophes. */
const joiner = /^[-'’\u2010\u2011\p{Pc}]/u;
const ignorable = /^\p{Default_Ignorable_Code_Point}/u;
/** More of them separate runs, as in a line of dashes. */
const maxJoiners = 3;

/** The case of a cluster's first letter, which shows where a part begins. */
type Case = "upper" | "lower" | "digit" | "none";

export function runsOf(text: string): Run[] {
  const builder = new RunBuilder();
  if (ascii.test(text)) addAscii(builder, text);
  else for (const match of text.matchAll(clusters)) addCluster(builder, match[0], match.index);
  return builder.finish();
}

/** Handles most texts, ten times as fast. */
function addAscii(builder: RunBuilder, text: string): void {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x61 && code <= 0x7a) builder.add("words", text.charAt(at), "lower", at, at + 1);
    // Not `toLowerCase` of the whole text: V8 may call that for every letter.
    else if (code >= 0x41 && code <= 0x5a) builder.add("words", String.fromCharCode(code + 0x20), "upper", at, at + 1);
    else if (code >= 0x30 && code <= 0x39) builder.add("words", text.charAt(at), "digit", at, at + 1);
    else if (isAsciiJoiner(code)) builder.join();
    else builder.end();
  }
}

function isAsciiJoiner(code: number): boolean {
  return code === 0x2d || code === 0x5f || code === 0x27;
}

/** What a cluster is in a text: part of a run, a sign by itself, something that joins or separates others, or nothing. */
type Piece =
  | { readonly is: "letters"; readonly kind: RunKind; readonly text: string; readonly case: Case }
  | { readonly is: "symbol"; readonly text: string }
  | { readonly is: "joiner" | "gap" | "nothing" };

function addCluster(builder: RunBuilder, cluster: string, from: number): void {
  const piece = pieceOf(cluster);
  const to = from + cluster.length;
  switch (piece.is) {
    case "letters":
      builder.add(piece.kind, piece.text, piece.case, from, to);
      return;
    case "symbol":
      builder.symbol(piece.text, from, to);
      return;
    case "joiner":
      builder.join();
      return;
    case "gap":
      builder.end();
      return;
    case "nothing":
  }
}

/** A cache of the latest clusters: a language has few letters, and folding one takes long. */
const pieces = new Map<string, Piece>();
const maxPieces = 8_192;
const maxPieceLength = 16;

function pieceOf(cluster: string): Piece {
  const known = pieces.get(cluster);
  if (known) return known;
  const piece = readPiece(cluster);
  if (cluster.length > maxPieceLength) return piece;
  if (pieces.size >= maxPieces) pieces.clear();
  pieces.set(cluster, piece);
  return piece;
}

function readPiece(cluster: string): Piece {
  if (pictograph.test(cluster) && !ascii.test(cluster)) return { is: "symbol", text: foldSymbol(cluster) };
  // A soft hyphen or a joiner inside a word: the word continues.
  if (cluster === "" || ignorable.test(cluster)) return { is: "nothing" };
  if (letter.test(cluster)) return lettersOf(cluster, foldLetter(cluster), unspacedScript.test(cluster));
  if (sign.test(cluster) && !ascii.test(cluster.charAt(0)) && !cluster.startsWith("\ufffd")) return signOf(cluster);
  return { is: joiner.test(cluster) ? "joiner" : "gap" };
}

/** Some signs are letters in another form (™, ㎏, ⓐ); the others are signs of their own. */
function signOf(cluster: string): Piece {
  const letters = foldLetter(cluster);
  if (letters === "") return { is: "symbol", text: foldSymbol(cluster) };
  return lettersOf(cluster, letters, unspacedScript.test(letters));
}

function lettersOf(cluster: string, text: string, unspaced: boolean): Piece {
  return { is: "letters", kind: unspaced ? "unspaced" : "words", text, case: caseOf(cluster) };
}

function caseOf(cluster: string): Case {
  return upper.test(cluster) ? "upper" : lower.test(cluster) ? "lower" : digit.test(cluster) ? "digit" : "none";
}

interface OpenRun {
  readonly kind: RunKind;
  text: string;
  readonly parts: number[];
  readonly from: number[];
  readonly to: number[];
}

class RunBuilder {
  readonly #runs: Run[] = [];
  #open: OpenRun | undefined;
  /** The case of the letter before, and where it began in the run. */
  #before: Case = "none";
  #lastAt = 0;
  #joiners = 0;
  /** The letter before the last one was a capital too. */
  #upperBefore = false;

  add(kind: RunKind, letters: string, its: Case, from: number, to: number): void {
    if (letters === "") return;
    let run = this.#open;
    if (run?.kind !== kind || this.#joiners > maxJoiners) {
      this.end();
      run = this.#open = { kind, text: "", parts: [], from: [], to: [] };
    }
    const at = run.text.length;
    if (at === 0 || this.#joiners > 0 || this.#beginsPart(its)) run.parts.push(at);
    // HTTPResponse: the R before the small letter begins the part.
    else if (its === "lower" && this.#before === "upper" && run.parts.at(-1) !== this.#lastAt && this.#upperBefore) {
      run.parts.push(this.#lastAt);
    }
    this.#upperBefore = this.#before === "upper" && this.#joiners === 0 && at > 0;
    run.text += letters;
    for (let unit = 0; unit < letters.length; unit += 1) {
      run.from.push(from);
      run.to.push(to);
    }
    this.#before = its;
    this.#lastAt = at;
    this.#joiners = 0;
  }

  symbol(text: string, from: number, to: number): void {
    this.end();
    if (text !== "") this.#runs.push({ kind: "symbol", text, parts: [0], from: [from], to: [to] });
  }

  /** A character that joins two parts of a name is here. */
  join(): void {
    this.#joiners += 1;
  }

  end(): void {
    if (this.#open) this.#runs.push(this.#open);
    this.#open = undefined;
    this.#before = "none";
    this.#joiners = 0;
    this.#upperBefore = false;
  }

  finish(): Run[] {
    this.end();
    return this.#runs;
  }

  #beginsPart(its: Case): boolean {
    const before = this.#before;
    if (its === "upper") return before === "lower" || before === "digit";
    if (its === "digit") return before !== "digit";
    return before === "digit";
  }
}
