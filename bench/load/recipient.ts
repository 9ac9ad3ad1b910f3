// One recipient: counts pushes, and with `acks` answers each one by copying the bytes of its `id`. The answers of one read
// leave in one write. The id is searched at its position in the previous push, then anywhere in the line.

import type { Link } from "./link.ts";

const idMark = Buffer.from('"id":');
const head = Buffer.from('{"id":');
const tail = Buffer.from(',"result":"ok"}\n');
const comma = 0x2c;
const brace = 0x7d;
const initialBytes = 16 * 1_024;
/** No answer is longer; ids of servers under test are numbers or short strings. */
const maxAnswerBytes = 256;

export class Recipient {
  pushed = 0;
  readonly #link: Link;
  #out = Buffer.allocUnsafe(initialBytes);
  #outBytes = 0;
  #idAt = 0;

  constructor(link: Link, acks: boolean) {
    this.#link = link;
    link.handler = acks
      ? { line: (bytes, start, end) => this.#acknowledge(bytes, start, end), turn: () => this.#flush() }
      : { line: () => (this.pushed += 1) };
  }

  #acknowledge(bytes: Buffer, start: number, end: number): void {
    this.pushed += 1;
    let at = start + this.#idAt;
    if (!isMark(bytes, at)) {
      at = bytes.indexOf(idMark, start);
      if (at === -1 || at >= end) return;
      this.#idAt = at - start;
    }
    at += idMark.length;
    if (this.#outBytes + maxAnswerBytes > this.#out.length) this.#grow();
    let to = this.#append(head, this.#outBytes);
    for (let byte = bytes[at]; byte !== comma && byte !== brace && at < end; byte = bytes[at]) {
      this.#out[to] = byte ?? 0;
      to += 1;
      at += 1;
    }
    this.#outBytes = this.#append(tail, to);
  }

  #append(part: Buffer, to: number): number {
    for (let index = 0; index < part.length; index += 1) this.#out[to + index] = part[index] ?? 0;
    return to + part.length;
  }

  #flush(): void {
    if (this.#outBytes === 0) return;
    this.#link.write(Buffer.from(this.#out.subarray(0, this.#outBytes)));
    this.#outBytes = 0;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(2 * this.#out.length);
    this.#out.copy(larger);
    this.#out = larger;
  }
}

/** Whether `"id":` is at that position. */
function isMark(bytes: Buffer, at: number): boolean {
  for (let index = 0; index < idMark.length; index += 1) if (bytes[at + index] !== idMark[index]) return false;
  return true;
}
