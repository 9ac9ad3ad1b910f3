// The lines of a file, one after the other and never more than one in memory. A line that is longer than any can be is
// refused before it is read to its end, and so is what is not UTF-8.

import { createReadStream } from "node:fs";
import { maxArchiveLineLength, tooLong } from "../../protocol/api/archive-lines.ts";

const newline = 0x0a;
/** No character takes more bytes for each of its UTF-16 units. */
const maxLineBytes = 3 * maxArchiveLineLength;

/** @throws with a sentence, or what the file system says */
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
