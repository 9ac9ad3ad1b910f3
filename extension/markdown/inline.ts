// The inline part of a message: turns the parser's flat tokens into a tree.

import type { Token } from "markdown-it";
import { piecesOf } from "../../protocol/text/hidden-characters.ts";
import { linkify } from "./linkify.ts";
import { safeLink } from "./link-policy.ts";
import type { Inline, Names } from "./message-tree.ts";
import { drawnWords } from "./text-run.ts";
import type { Beside } from "./text-run.ts";

export const nobody: Names = { own: undefined, others: new Set() };
const maxPlainNodes = 600;

export function parseInline(tokens: readonly Token[], names: Names): Inline[] {
  const reader = { tokens, at: 0, names, inLink: false };
  return inlines(reader);
}

/**
 * Returns lines as they were typed, with addresses as links and nothing else interpreted. After a bounded number of nodes,
 * the rest is one text in which hidden characters are plainOf out.
 */
export function plainText(text: string): Inline[] {
  const words = linkify(text.replaceAll("\r\n", "\n")).flatMap((segment) =>
    segment.kind === "link" ? bareLink(segment.text) : drawnWords(segment.text, nobody),
  );
  if (words.length <= maxPlainNodes) return words;
  const rest = words.slice(maxPlainNodes).map(plainOf).join("");
  return [...words.slice(0, maxPlainNodes), { kind: "text", text: rest }];
}

interface InlineReader {
  readonly tokens: readonly Token[];
  at: number;
  readonly names: Names;
  inLink: boolean;
}

function inlines(reader: InlineReader): Inline[] {
  const parts: Inline[] = [];
  for (;;) {
    const token = reader.tokens[reader.at];
    reader.at += 1;
    if (token === undefined || token.nesting < 0) return parts;
    parts.push(...inline(token, reader));
  }
}

function inline(token: Token, reader: InlineReader): readonly Inline[] {
  switch (token.type) {
    case "strong_open":
      return [{ kind: "strong", children: inlines(reader) }];
    case "em_open":
      return [{ kind: "emphasis", children: inlines(reader) }];
    case "s_open":
      return [{ kind: "strike", children: inlines(reader) }];
    case "link_open":
      return link(token, reader);
    case "image":
      return image(token);
    case "code_inline":
      return [{ kind: "code", text: token.content }];
    case "softbreak":
    case "hardbreak":
      return [{ kind: "break" }];
    default:
      return reader.inLink ? piecesOf(token.content) : drawnWords(token.content, reader.names, besideOf(reader));
  }
}

/** Returns the text beside the token that was read last. Emphasis marks are skipped; a line break counts as no text. */
function besideOf({ tokens, at }: InlineReader): Beside {
  return { before: contentBeside(tokens, at - 2, -1).slice(-2), behind: contentBeside(tokens, at, 1).slice(0, 2) };
}

function contentBeside(tokens: readonly Token[], from: number, step: 1 | -1): string {
  let at = from;
  while (tokens[at]?.nesting !== 0 && tokens[at] !== undefined) at += step;
  return tokens[at]?.content ?? "";
}

function bareLink(text: string): readonly Inline[] {
  const url = safeLink(text);
  const children = piecesOf(text);
  return url === undefined ? children : [{ kind: "link", url, image: false, children }];
}

function link(token: Token, reader: InlineReader): readonly Inline[] {
  reader.inLink = true;
  const children = inlines(reader);
  reader.inLink = false;
  const url = safeLink(String(token.attrGet("href") ?? ""));
  return url === undefined ? children : [{ kind: "link", url, image: false, children }];
}

/** Images are never loaded: their author would learn where and when the message is read. */
function image(token: Token): readonly Inline[] {
  const url = safeLink(String(token.attrGet("src") ?? ""));
  const words = piecesOf(token.content === "" ? "image" : token.content);
  return url === undefined ? words : [{ kind: "link", url, image: true, children: words }];
}

function plainOf(inline: Inline): string {
  if (inline.kind === "hidden") return `[${inline.code}]`;
  if ("children" in inline) return inline.children.map(plainOf).join("");
  return inline.kind === "break" ? "\n" : inline.text;
}
