// Finds web and mail addresses in a text in which nothing else is interpreted, such as a message that is too large for
// Markdown.

import { addressEnd } from "./find-address.ts";

export type Segment =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "link"; readonly text: string };

const start = /(?<![A-Za-z0-9]_{0,8})(?:https?:\/\/|mailto:)/giu;
/** Emphasis marks right before an address. */
const marks = /[*_~]{1,8}$/u;

export function linkify(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const { index } of text.matchAll(start)) {
    if (index < at) continue;
    const end = addressEnd(text, index, text.length, (from, to) => beforeMarks(text, from, to));
    if (end === undefined) continue;
    if (index > at) segments.push({ kind: "text", text: text.slice(at, index) });
    segments.push({ kind: "link", text: text.slice(index, end) });
    at = end;
  }
  if (at < text.length) segments.push({ kind: "text", text: text.slice(at) });
  return segments;
}

/** In `**address**`, the marks after the address are not part of it. */
function beforeMarks(text: string, from: number, to: number): number {
  const opened = marks.exec(text.slice(Math.max(0, from - 8), from))?.[0];
  if (opened === undefined) return to;
  const closes = text.slice(from, to).indexOf(Array.from(opened).reverse().join(""));
  return closes === -1 ? to : from + closes;
}
