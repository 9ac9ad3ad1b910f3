// Yields the lines of a file with only one of them in memory. A line that is too long is refused before it has been read
// completely, and so is text that is not UTF-8.

import { createReadStream } from "node:fs";
import { maxArchiveLineLength, tooLong } from "../../protocol/api/archive-lines.ts";

const newline = 0x0a;
/** The most bytes that UTF-8 takes per UTF-16 unit is 3. */
const maxLineBytes = 3 * maxArchiveLineLength;

/** @throws an error with a sentence, or the file system's error */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 1;
  for await (const chunk of createReadStream(path)) {
    let from = 0;
    const bytes = chunk as Buffer;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      yield textOf([...parts, bytes.subarray(from, end)], number);
      [parts, length, from] = [[], 0, end + 1];
      number += 1;
    }
    parts.push(bytes.subarray(from));
    length += bytes.length - from;
    if (length > maxLineBytes) throw new Error(tooLong(number));
  }
  if (length > 0) yield textOf(parts, number);
}

function textOf(parts: readonly Buffer[], number: number): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: number > 1 }).decode(Buffer.concat(parts));
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  } catch {
    throw new Error(`Line ${number} is not UTF-8. Nothing was imported.`);
  }
}
