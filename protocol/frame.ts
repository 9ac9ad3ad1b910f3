// The wire's framing [P-1]: UTF-8, one JSON object a line. The decoder is incremental and bounded: it holds at most one
// incomplete line, and what it was last given. It is pulled (`next`), so that whoever reads can stop between two frames
// (while a password is checked) and raise the limit (once it was right). It knows no socket and no clock.

export type JsonObject = { [name: string]: unknown };

export type Frame =
  | { readonly kind: "object"; readonly value: JsonObject }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "too_large"; readonly limitBytes: number };

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** The line of an object, with its newline. */
export function encodeFrame(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** The UTF-8 bytes of the JSON string of `text`: what a `msg` costs on the wire [P-4.2]. */
export function encodedTextBytes(text: string): number {
  return utf8Bytes(JSON.stringify(text));
}

export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function isBlank(text: string): boolean {
  return !(text.charCodeAt(0) > space) && text.trim() === "";
}

/** One for all: it keeps nothing from call to call. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const nothing = new Uint8Array(0);

export class FrameDecoder {
  /** Longest line in bytes, newline not counted. May be raised between two frames. */
  maxBytes: number;

  #buffer: Uint8Array = nothing;
  #start = 0;
  #end = 0;
  /** No newline stands before this index. */
  #scanned = 0;
  /** All bytes from `#textStart` on as text, where each is one ASCII character: decoded once for all lines of a chunk. */
  #text: string | undefined;
  #textStart = 0;
  #textTried = false;
  #dead = false;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Bytes that no frame was made of yet. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Takes the chunk over: the caller must not write to it any more. */
  push(chunk: Uint8Array): void {
    if (this.#dead || chunk.length === 0) return;
    this.#text = undefined;
    this.#textTried = false;
    if (this.#start === this.#end) {
      // The common case: nothing is left over, so the chunk is read where it lies.
      this.#buffer = chunk;
      this.#start = 0;
      this.#scanned = 0;
      this.#end = chunk.length;
      return;
    }
    this.#reserve(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next whole line, or undefined until more bytes come. After `too_large` there is nothing more. */
  next(): Frame | undefined {
    while (!this.#dead) {
      const at = this.#indexOfNewline();
      if (at === -1) {
        if (this.#restIsTooLarge()) return this.#tooLarge();
        // An idle link must not keep the last chunk it was given.
        if (this.pendingBytes === 0) this.#release();
        return undefined;
      }
      const start = this.#start;
      let end = at;
      this.#start = this.#scanned = at + 1;
      if (end > start && this.#buffer[end - 1] === carriageReturn) end -= 1;
      if (end - start > this.maxBytes) return this.#tooLarge();
      const frame = this.#decode(start, end);
      if (frame !== "empty") return frame;
    }
    return undefined;
  }

  /**
   * What waits without its newline, if it is a whole object [P-1.5]. Call after silence, and with `ended` when the
   * sender half-closed: then an incomplete rest is a bad frame instead of something to wait for.
   */
  unterminated(ended: boolean): Frame | undefined {
    if (this.#dead || this.#start === this.#end) return undefined;
    const frame = this.#decode(this.#start, this.#end);
    if (frame === "empty") return undefined;
    if (frame.kind !== "object" && !ended) return undefined;
    this.#start = this.#scanned = this.#end;
    return frame;
  }

  #indexOfNewline(): number {
    let at: number;
    if (this.#text === undefined) {
      at = this.#buffer.subarray(0, this.#end).indexOf(newline, this.#scanned);
      if (at !== -1) this.#readAhead();
    } else {
      at = this.#text.indexOf("\n", this.#scanned - this.#textStart);
      if (at !== -1) at += this.#textStart;
    }
    if (at === -1) this.#scanned = this.#end;
    return at;
  }

  /** Only where a line is complete, so that a long line in small pieces is not decoded again with each. */
  #readAhead(): void {
    if (this.#textTried) return;
    this.#textTried = true;
    try {
      const text = utf8.decode(this.#buffer.subarray(this.#start, this.#end));
      if (text.length !== this.pendingBytes) return;
      this.#text = text;
      this.#textStart = this.#start;
    } catch {
      // Bad UTF-8, or a character that is not complete yet: each line is decoded by itself.
    }
  }

  #textOf(start: number, end: number): string {
    if (this.#text === undefined) return utf8.decode(this.#buffer.subarray(start, end));
    return this.#text.slice(start - this.#textStart, end - this.#textStart);
  }

  #decode(start: number, end: number): Frame | "empty" {
    let value: unknown;
    try {
      const text = this.#textOf(start, end);
      if (isBlank(text)) return "empty";
      value = JSON.parse(text);
    } catch {
      return { kind: "bad", reason: "That line is not JSON in UTF-8. Send one JSON object a line." };
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return { kind: "bad", reason: "That line is JSON but not an object. Send one JSON object a line." };
    }
    return { kind: "object", value: value as JsonObject };
  }

  /** A carriage return at the end may belong to a newline that has not come yet. */
  #restIsTooLarge(): boolean {
    const over = this.pendingBytes - this.maxBytes;
    return over > 1 || (over === 1 && this.#buffer[this.#end - 1] !== carriageReturn);
  }

  #tooLarge(): Frame {
    this.#dead = true;
    this.#release();
    return { kind: "too_large", limitBytes: this.maxBytes };
  }

  #release(): void {
    this.#buffer = nothing;
    this.#text = undefined;
    this.#start = this.#end = this.#scanned = 0;
  }

  /** Room for `more` bytes behind the end: by moving the rest to the front, or by doubling. */
  #reserve(more: number): void {
    const pending = this.pendingBytes;
    if (this.#end + more <= this.#buffer.length) return;
    const target = pending + more <= this.#buffer.length ? this.#buffer : new Uint8Array(2 * (pending + more));
    target.set(this.#buffer.subarray(this.#start, this.#end), 0);
    this.#buffer = target;
    this.#scanned -= this.#start;
    this.#start = 0;
    this.#end = pending;
  }
}
