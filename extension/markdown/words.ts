// What is found inside a run of plain text: addresses, names with an `@`, emoji by their short names, and characters that
// hide or reorder what stands around them (CVE-2021-42574), which become visible. Every pattern is bounded.

import { keyOfName } from "../../protocol/names.ts";
import { emojiNamed } from "./emoji.ts";
import { linkify } from "./linkify.ts";
import { safeLink } from "./links.ts";
import type { Inline, Names } from "./tree.ts";

/** C0 and C1 controls, bidi embeddings, overrides and isolates, and zero-width characters that no script needs. */
const hidden = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u2028-\u202E\u2060-\u2069\uFEFF]/u;
const short = /:[a-z0-9_+-]{1,32}:/gu;
const mention = /(?<![\p{L}\p{N}@._-])@[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]{0,63}/gu;

export function drawnWords(text: string, names: Names): Inline[] {
  return linkify(text).flatMap((segment): Inline[] =>
    segment.kind === "link" ? link(segment.text) : mentions(segment.text, names),
  );
}

function link(text: string): Inline[] {
  const url = safeLink(text);
  const children = visible(text);
  return url === undefined ? children : [{ kind: "link", url, image: false, children }];
}

/** The text with hidden characters as nodes of their own. */
export function visible(text: string): Inline[] {
  if (!hidden.test(text)) return text === "" ? [] : [{ kind: "text", text }];
  const parts: Inline[] = [];
  let plain = "";
  for (const character of text) {
    if (!hidden.test(character)) {
      plain += character;
      continue;
    }
    if (plain !== "") parts.push({ kind: "text", text: plain });
    plain = "";
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    parts.push({ kind: "hidden", code: `U+${code}` });
  }
  return plain === "" ? parts : [...parts, { kind: "text", text: plain }];
}

export function withoutHidden(text: string): string {
  return visible(text)
    .map((each) => (each.kind === "text" ? each.text : ""))
    .join("");
}

export function hiddenIn(text: string): number {
  if (!hidden.test(text)) return 0;
  let count = 0;
  for (const character of text) count += hidden.test(character) ? 1 : 0;
  return count;
}

function mentions(text: string, names: Names): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(mention)) {
    const found = known(match[0], names);
    if (found === undefined) continue;
    parts.push(...visible(withEmoji(text.slice(at, match.index))), found);
    at = match.index + found.text.length;
  }
  return [...parts, ...visible(withEmoji(text.slice(at)))];
}

/** The longest name that fits: a full stop behind a name is not part of it. */
function known(written: string, names: Names): Extract<Inline, { kind: "mention" }> | undefined {
  for (let text = written; text.length > 1; text = text.slice(0, -1)) {
    const key = keyOfName(text.slice(1));
    if (key === names.own) return { kind: "mention", text, own: true };
    if (names.others.has(key)) return { kind: "mention", text, own: false };
    if (!/[._-]$/u.test(text)) return undefined;
  }
  return undefined;
}

function withEmoji(text: string): string {
  return text.includes(":") ? text.replace(short, (name) => emojiNamed(name.slice(1, -1)) ?? name) : text;
}
