// Turns piped input into messages. Several lines are code and arrive as code, unless the person says that they are prose; a
// diff is recognized by its header. Input that is longer than a message is refused, or split into several messages of whole
// lines. Pure.

import { codeBlock, isDiff } from "../../protocol/text/code-block.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { encodedTextBytes } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";

export interface Shape {
  /** The language of code, possibly empty; undefined: decided by the piped input. */
  readonly code: string | undefined;
  /** Whether it is prose. */
  readonly prose: boolean;
  readonly split: boolean;
}

/** Reserved for the fences, the language and the number of a part. */
const overheadBytes = 1_024;
const partBytes = limits.maxMessageBytes - overheadBytes;
const maxParts = 50;

/** Terminal colors, which `git` writes if configured. */
const terminalColors = /\u001b\[[\d;]*[mK]/gu;

/** Returns the texts to send, in order. @param piped whether it came from another program, not from a person */
export function messagesOf(given: string, piped: boolean, shape: Shape): readonly string[] | Failure {
  const text = piped ? given.replaceAll(terminalColors, "").replaceAll("\r\n", "\n") : given;
  if (text.trim() === "") return [text];
  const language = shape.prose ? undefined : (shape.code ?? (piped ? languageOf(text) : undefined));
  const written = (part: string): string => (language === undefined ? part : codeBlock(part, language));
  const whole = written(text);
  if (encodedTextBytes(whole) <= limits.maxMessageBytes) return [whole];
  const parts = partsOf(text);
  if ("code" in parts) return parts;
  if (!shape.split || parts.length > maxParts) return tooLong(text, parts.length);
  return parts.map((part, index) => `(${index + 1}/${parts.length})\n${written(part)}`);
}

/** Returns the language of code, if it can be recognized; undefined for a single line, which is text. */
function languageOf(text: string): string | undefined {
  if (!text.includes("\n")) return undefined;
  return isDiff(text) ? "diff" : "";
}

function partsOf(text: string): readonly string[] | Failure {
  const parts: string[][] = [];
  let bytes = partBytes;
  for (const line of text.split("\n")) {
    const cost = encodedTextBytes(line);
    if (cost > partBytes) {
      return failure(
        "too_large",
        `A line has ${kib(cost)} KiB, more than a message takes. Send it as a file, by another way.`,
      );
    }
    if (bytes + cost > partBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(line);
    bytes += cost;
  }
  return parts.map((lines) => lines.join("\n"));
}

function tooLong(text: string, count: number): Failure {
  const size = `That is ${kib(encodedTextBytes(text))} KiB, and a message takes ${kib(limits.maxMessageBytes)}.`;
  const way =
    count > maxParts
      ? `It would be ${count} messages, more than ${maxParts}. Put it where the other person can get it, and send the link.`
      : `Add --split to send it as ${count} numbered messages, or send a part of it.`;
  return failure("too_large", `${size} ${way}`);
}

function kib(bytes: number): number {
  return Math.ceil(bytes / 1_024);
}
