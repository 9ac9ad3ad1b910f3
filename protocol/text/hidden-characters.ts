// The one list of invisible characters: they reorder, join or split text, or pretend to be nothing (CVE-2021-42574,
// CWE-150, CWE-1007). Used by the page of a chat, labels, the terminal, JSON on a terminal, names, and code that is taken
// over from a message. If a script or an emoji needs such a character, it is kept: the joiners of Persian, Hindi and
// families, the variation selectors of hearts and of ideographs, the tags of flags.

/** One run of code points, both ends included, and what they do. */
export interface HiddenRange {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

const range = (from: number, to: number, why: string): HiddenRange => ({ from, to, why });

/**
 * All controls except tab and line feed; everything that Unicode calls Default_Ignorable_Code_Point, even if it is not
 * assigned yet; line separators; halves of surrogate pairs. Private use characters and unusual spaces are not included,
 * because they are visible.
 */
export const hiddenRanges: readonly HiddenRange[] = [
  range(0x0000, 0x0008, "C0 controls: erase, ring, end a string"),
  range(0x000b, 0x001f, "C0 controls: ESC begins a terminal's commands, CR writes over a line"),
  range(0x007f, 0x009f, "DEL and C1 controls: CSI and OSC are ESC in one character"),
  range(0x00ad, 0x00ad, "soft hyphen: seen only where a line breaks"),
  range(0x034f, 0x034f, "combining grapheme joiner"),
  range(0x061c, 0x061c, "Arabic letter mark: reorders"),
  range(0x115f, 0x1160, "Hangul fillers: letters that show nothing"),
  range(0x17b4, 0x17b5, "Khmer vowels that show nothing"),
  range(0x180b, 0x180f, "Mongolian selectors and separator"),
  range(0x200b, 0x200f, "zero-width space and joiners, direction marks"),
  range(0x2028, 0x2029, "separators of lines and paragraphs, which break lines of code"),
  range(0x202a, 0x202e, "bidi embeddings and overrides: reorder"),
  range(0x2060, 0x206f, "word joiner, invisible operators, bidi isolates, old format characters"),
  range(0x3164, 0x3164, "Hangul filler"),
  range(0xd800, 0xdfff, "half of a surrogate pair: no character"),
  range(0xfe00, 0xfe0f, "variation selectors"),
  range(0xfeff, 0xfeff, "byte order mark: zero-width no-break space"),
  range(0xffa0, 0xffa0, "half-width Hangul filler"),
  range(0xfff0, 0xfffb, "not assigned, and marks of interlinear annotation"),
  range(0x1bca0, 0x1bca3, "shorthand format controls"),
  range(0x1d173, 0x1d17a, "musical format controls"),
  range(0xe0000, 0xe007f, "tags: ASCII that nobody sees, but programs read"),
  range(0xe0080, 0xe00ff, "not assigned, shown as nothing"),
  range(0xe0100, 0xe01ef, "supplement of variation selectors: 240 values behind any character"),
  range(0xe01f0, 0xe0fff, "not assigned, shown as nothing"),
];

/** The list for the inside of a character class of a regular expression with the flag `u`. */
export const hiddenClass: string = hiddenRanges.map(({ from, to }) => `${escaped(from)}-${escaped(to)}`).join("");

/** Scripts whose letters change if a joiner follows. */
const joined = [
  ...[
    "Arabic",
    "Bengali",
    "Devanagari",
    "Gujarati",
    "Gurmukhi",
    "Kannada",
    "Khmer",
    "Malayalam",
    "Mongolian",
    "Myanmar",
  ],
  ...["Nko", "Oriya", "Sinhala", "Syriac", "Tamil", "Telugu", "Tibetan"],
];
const joinedLetters = joined.map((script) => String.raw`\p{Script_Extensions=${script}}`).join("");

/** Characters on the list that are kept, because they belong to what is beside them. */
const kept = [
  String.raw`\r(?=\n)`,
  // The flag of a subdivision by its letters, such as gbwls.
  String.raw`\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}`,
  String.raw`(?<=[\p{Extended_Pictographic}\uFE0F\u{1F3FB}-\u{1F3FF}])\u200D(?=\p{Extended_Pictographic})`,
  String.raw`(?<=[${joinedLetters}])[\u200C\u200D]`,
  // They are of that script themselves, and no letters.
  String.raw`(?<=(?![\u180B-\u180F])\p{Script=Mongolian})[\u180B-\u180F]`,
  String.raw`(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]`,
  String.raw`(?<=[#*0-9])\uFE0F(?=\u20E3)`,
  String.raw`(?<=[\p{Ideographic}\u3001\u3002\uFF01\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F])[\uFE00-\uFE02]`,
  String.raw`(?<=\p{Ideographic})[\u{E0100}-\u{E01EF}]`,
];

/** Tells quickly whether there may be anything to find. */
const suspect = new RegExp(`[${hiddenClass}]`, "u");
/** What is kept is matched first, so a match with the group `hidden` is hidden. */
const scan = new RegExp(`${kept.join("|")}|(?<hidden>[${hiddenClass}])`, "gu");

/** `hidden`: the name of an invisible character, such as `U+202E`. */
export type Piece =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "hidden"; readonly code: string };

/** Returns the text in order, cut at every hidden character. */
export function piecesOf(text: string): Piece[] {
  if (!suspect.test(text)) return text === "" ? [] : [{ kind: "text", text }];
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(scan)) {
    const hidden = match.groups?.["hidden"];
    if (hidden === undefined) continue;
    if (match.index > at) pieces.push({ kind: "text", text: text.slice(at, match.index) });
    pieces.push({ kind: "hidden", code: codeOf(hidden) });
    at = match.index + hidden.length;
  }
  if (at < text.length) pieces.push({ kind: "text", text: text.slice(at) });
  return pieces;
}

/** Counts the hidden characters. */
export function countHidden(text: string): number {
  let count = 0;
  replaceHidden(text, () => {
    count += 1;
    return "";
  });
  return count;
}

/** Returns each kind of hidden character in the text once, by name, in the order of their first appearance. */
export function hiddenKinds(text: string): readonly string[] {
  const kinds = new Set<string>();
  replaceHidden(text, (code) => {
    kinds.add(code);
    return "";
  });
  return [...kinds];
}

/** Replaces every hidden character, by nothing unless `instead` is given. */
export function withoutHidden(text: string, instead = ""): string {
  return replaceHidden(text, () => instead);
}

/** Writes every hidden character of the JSON as `\uXXXX`, which a JSON parser turns into the same text. */
export function jsonWithoutHidden(json: string): string {
  return replaceHidden(json, (_code, hidden) =>
    Array.from({ length: hidden.length }, (_, at) => `\\u${hex(hidden.charCodeAt(at))}`).join(""),
  );
}

function replaceHidden(text: string, instead: (code: string, hidden: string) => string): string {
  if (!suspect.test(text)) return text;
  return text.replace(scan, (match, hidden: string | undefined) =>
    hidden === undefined ? match : instead(codeOf(hidden), hidden),
  );
}

function codeOf(character: string): string {
  return `U+${hex(character.codePointAt(0) ?? 0).toUpperCase()}`;
}

function escaped(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(4, "0");
}
