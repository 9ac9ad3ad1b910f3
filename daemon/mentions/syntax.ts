// Where in a document a person writes to people: everywhere in prose, in the comments of code, nowhere in unlisted
// languages. A small scanner per language id that knows comments and strings only. A regular expression with a quote in it,
// or nested comments, may mislead it; then a name is offered once too often or not at all.

interface Span {
  readonly open: string;
  /** If absent, the end of the line ends it. */
  readonly close?: string;
  readonly comment?: boolean;
  /** May span several lines. */
  readonly long?: boolean;
  /** A backslash escapes the next character. */
  readonly escapes?: boolean;
}

type Syntax = "prose" | readonly Span[];

const line = (open: string): Span => ({ open, comment: true });
const block = (open: string, close: string): Span => ({ open, close, comment: true, long: true });
const quoted = (open: string): Span => ({ open, close: open, escapes: true });
const longQuoted = (open: string): Span => ({ open, close: open, escapes: true, long: true });

const slashes = [line("//"), block("/*", "*/")];
const quotes = [quoted('"'), quoted("'")];
const curly = [...slashes, ...quotes];
const scripted = [...curly, longQuoted("`")];
const hash = [line("#"), ...quotes];
const python = [line("#"), longQuoted('"""'), longQuoted("'''"), ...quotes];
const sql = [line("--"), block("/*", "*/"), ...quotes];
const markup = [block("<!--", "-->")];
const component = [...markup, ...slashes];
const semicolon = [line(";"), quoted('"')];
const percent = [line("%")];

const families: readonly (readonly [Syntax, string])[] = [
  ["prose", "markdown plaintext git-commit scminput restructuredtext asciidoc"],
  [scripted, "javascript javascriptreact typescript typescriptreact go"],
  [curly, "c cpp csharp cuda-cpp dart groovy java jsonc kotlin objective-c objective-cpp proto3 scala solidity swift"],
  // A single quote may stand alone there: a lifetime, a label.
  [[...slashes, quoted('"')], "rust zig"],
  [[block("/*", "*/"), ...quotes], "css"],
  [curly, "less scss"],
  [[...hash, ...slashes], "php terraform"],
  [python, "python julia"],
  [hash, "coffeescript dockercompose dockerfile elixir ignore makefile perl r ruby shellscript toml yaml properties"],
  [[...hash, block("<#", "#>")], "powershell"],
  [sql, "sql"],
  [[block("--[[", "]]"), line("--"), ...quotes], "lua"],
  [[block("{-", "-}"), line("--"), quoted('"')], "haskell elm"],
  [[block("(*", "*)"), quoted('"')], "ocaml"],
  [[...slashes, block("(*", "*)"), longQuoted('"""'), quoted('"')], "fsharp"],
  [[...slashes, block("{", "}"), block("(*", "*)"), { open: "'", close: "'" }], "pascal"],
  [[line("'"), { open: '"', close: '"' }], "vb"],
  [markup, "html xml xsl"],
  [component, "vue svelte"],
  [semicolon, "clojure ini lisp scheme"],
  [percent, "latex tex erlang matlab"],
];

interface Scanner {
  readonly openers: RegExp;
  readonly spans: ReadonlyMap<string, Span>;
}

const scanners = new Map<string, Scanner | "prose">(
  families.flatMap(([syntax, ids]) => {
    const scanner = syntax === "prose" ? syntax : scannerOf(syntax);
    return ids.split(" ").map((id) => [id, scanner] as const);
  }),
);

/** The ids of all languages in which people can be mentioned. */
export const languages: readonly string[] = [...scanners.keys()];

/** Whether the text at `offset` is written for people. */
export function isForPeople(languageId: string, text: string, offset: number): boolean {
  const scanner = scanners.get(languageId);
  if (scanner === undefined) return false;
  return scanner === "prose" || isComment(scanner, text, offset);
}

/** Scans the text once; nothing is searched twice. */
function isComment({ openers, spans }: Scanner, text: string, offset: number): boolean {
  const lineEndBehind = lineEnds(text);
  for (let at = 0; ;) {
    openers.lastIndex = at;
    const found = openers.exec(text);
    const span = spans.get(found?.[0] ?? "");
    if (found === null || span === undefined) return false;
    const inside = found.index + span.open.length;
    if (inside > offset) return false;
    const end = endOf(text, inside, span, lineEndBehind);
    if (offset <= end) return span.comment === true;
    at = end + (text.startsWith(span.close ?? "\n", end) ? (span.close ?? "\n").length : 1);
  }
}

/** Returns where its closing mark begins, or the end of the text. */
function endOf(text: string, from: number, span: Span, lineEndBehind: (from: number) => number): number {
  const { close, long = false, escapes = false } = span;
  if (close === undefined) return lineEndBehind(from);
  if (!escapes) {
    const last = long ? text.length : lineEndBehind(from);
    const end = text.slice(from, last).indexOf(close);
    return end === -1 ? last : from + end;
  }
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(close, at) || (!long && text[at] === "\n")) return at;
  }
  return text.length;
}

/** Returns the end of the line after an offset. Offsets must be passed in ascending order. */
function lineEnds(text: string): (from: number) => number {
  let known = -1;
  return (from) => {
    if (known < from) known = text.indexOf("\n", from);
    if (known === -1) known = text.length;
    return known;
  };
}

/** `#` starts a comment only at the start of a word: `$#` and `a#b` are something else. */
function scannerOf(spans: readonly Span[]): Scanner {
  const longestFirst = [...spans].sort((a, b) => b.open.length - a.open.length);
  const openers = longestFirst.map(({ open }) => {
    const escaped = open.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    return open === "#" ? String.raw`(?<![^\s;)])#` : escaped;
  });
  return {
    openers: new RegExp(openers.join("|"), "g"),
    spans: new Map(spans.map((span) => [span.open, span])),
  };
}
