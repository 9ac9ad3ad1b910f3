// Reads the wire's lines [P-1]. The decoder is incremental and bounded: it holds at most one incomplete line, and the last
// chunk. It is read in two steps (`lookAhead`, `next`), so that the caller knows what the next lines cost before they are
// decoded, can stop between two frames (while a password is checked), and can raise the limit (once the password was
// right). It knows no socket and no clock.

import type { Frame, JsonObject } from "./frame.ts";
import { ObjectScanner } from "./object-scanner.ts";

/** What `next` will work on: lines of any kind, empty ones included, and their bytes. */
export interface Work {
  readonly lines: number;
  readonly bytes: number;
}

/** Decides about lines beyond the limit that are accepted all the same [P-1.3]. */
export interface LongLines {
  /**
   * @param line its bytes so far, or all of them: more than the decoder's limit; asked again when it has grown
   * @returns how many bytes that line may have
   */
  limitOf(line: Uint8Array): number;
  /** The line that `limitOf` was asked about is no longer held. */
  done(): void;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
/** A byte order mark, which some programs put before UTF-8. */
const mark = [0xef, 0xbb, 0xbf] as const;

function isBlank(text: string): boolean {
  return !(text.charCodeAt(0) > space) && text.trim() === "";
}

/** Shared by all decoders: it keeps nothing between calls. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const nothing = new Uint8Array(0);
const noWork: Work = { lines: 0, bytes: 0 };

export class FrameDecoder {
  /** Longest line in bytes, newline not counted. May be raised between two frames. */
  maxBytes: number;

  readonly #longLines: LongLines | undefined;
  #buffer: Uint8Array = nothing;
  #start = 0;
  #end = 0;
  /** There is no newline between the last of `#newlines` and this index. */
  #scanned = 0;
  /** Where the lines end that were found: those from `#nextLine` to `#foundLines` are for `next`. */
  readonly #newlines: number[] = [];
  #nextLine = 0;
  #foundLines = 0;
  /** All bytes from `#textStart` on as text, if each is one ASCII character: decoded once for all lines of a chunk. */
  #text: string | undefined;
  #textStart = 0;
  #textTried = false;
  /** Remembers how far the rest without a newline has been scanned. */
  #scanner: ObjectScanner | undefined;
  #atStart = true;
  #dead = false;

  /** @param longLines lets single lines be longer than `maxBytes` */
  constructor(maxBytes: number, longLines?: LongLines) {
    this.maxBytes = maxBytes;
    this.#longLines = longLines;
  }

  /** Bytes that have not become a frame yet. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Lines that were found and not decoded yet. */
  get linesAhead(): number {
    return this.#foundLines - this.#nextLine;
  }

  /** Takes ownership of the chunk: the caller must not write to it any more. */
  push(chunk: Uint8Array): void {
    if (this.#dead || chunk.length === 0) return;
    this.#text = undefined;
    this.#textTried = false;
    if (this.#start === this.#end) {
      // The common case: nothing is left over, so the chunk is used without a copy.
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

  /**
   * Finds the next complete lines. Call it again once `next` has returned them all; until then, what was found stays the
   * same.
   * @param maxLines the most lines to find
   * @param maxBytes after this many bytes, no further line is found
   * @returns no lines until more bytes come; the line of a `too_large` counts as one
   */
  lookAhead(maxLines: number, maxBytes = Infinity): Work {
    if (this.#dead || this.linesAhead > 0) return noWork;
    if (this.#atStart) this.#skipMark();
    this.#nextLine = this.#foundLines = 0;
    let from = this.#start;
    while (this.#foundLines < maxLines && from - this.#start < maxBytes) {
      const at = this.#indexOfNewline();
      if (at === -1) break;
      this.#newlines[this.#foundLines] = at;
      this.#foundLines += 1;
      this.#scanned = from = at + 1;
    }
    if (this.#foundLines > 0) return { lines: this.#foundLines, bytes: from - this.#start };
    if (this.#limitOfRest() !== undefined) return { lines: 1, bytes: this.pendingBytes };
    // An idle link must not keep its last chunk in memory.
    if (this.pendingBytes === 0) this.#release();
    return noWork;
  }

  /** Returns the next frame of the lines that were found; undefined if there are no more. Nothing follows `too_large`. */
  next(): Frame | undefined {
    while (this.#nextLine < this.#foundLines) {
      const at = this.#newlines[this.#nextLine] ?? 0;
      const start = this.#start;
      let end = at;
      this.#nextLine += 1;
      this.#start = at + 1;
      this.#atStart = false;
      this.#scanner?.restart();
      if (end > start && this.#buffer[end - 1] === carriageReturn) end -= 1;
      if (end - start > this.maxBytes) {
        const limit = this.#longLines?.limitOf(this.#buffer.subarray(start, end)) ?? this.maxBytes;
        if (end - start > limit) return this.#tooLarge(limit);
        this.#longLines?.done();
      }
      const frame = this.#decode(start, end);
      if (frame !== "empty") return frame;
    }
    const limit = this.#dead ? undefined : this.#limitOfRest();
    return limit === undefined ? undefined : this.#tooLarge(limit);
  }

  /**
   * Returns the first object of the rest without a newline, if it is complete [P-1.5]; call it again for the one after
   * that. Call it after a silence, and with `ended` once the sender half-closed: then an incomplete rest is a bad frame
   * instead of something to wait for. Only if `lookAhead` finds nothing.
   */
  unterminated(ended: boolean): Frame | undefined {
    if (this.#dead || this.#start === this.#end) return undefined;
    this.#scanner ??= new ObjectScanner();
    const length = this.#scanner.endOfObject(this.#buffer.subarray(this.#start, this.#end));
    if (length === undefined && !ended) return undefined;
    const start = this.#start;
    this.#start = start + (length ?? this.pendingBytes);
    this.#scanned = Math.max(this.#scanned, this.#start);
    this.#scanner.restart();
    this.#longLines?.done();
    const frame = this.#decode(start, this.#start);
    return frame === "empty" ? undefined : frame;
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

  /** Only once a line is complete, so that a long line in small pieces is not decoded again for each piece. */
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

  /** @returns the limit that the rest without a newline exceeds; undefined if it may stay */
  #limitOfRest(): number | undefined {
    // The part that was not scanned may contain a newline.
    if (this.#scanned < this.#end || !this.#restIsBeyond(this.maxBytes)) return undefined;
    const limit = this.#longLines?.limitOf(this.#buffer.subarray(this.#start, this.#end)) ?? this.maxBytes;
    return this.#restIsBeyond(limit) ? limit : undefined;
  }

  /** A carriage return at the end may belong to a newline that has not arrived yet. */
  #restIsBeyond(limit: number): boolean {
    const over = this.pendingBytes - limit;
    return over > 1 || (over === 1 && this.#buffer[this.#end - 1] !== carriageReturn);
  }

  /** Runs once, before the first line. */
  #skipMark(): void {
    const first = this.#buffer.subarray(this.#start, this.#end);
    if (first.length === 0 || (first[0] === mark[0] && first.length < mark.length)) return;
    this.#atStart = false;
    if (mark.some((byte, at) => first[at] !== byte)) return;
    this.#start += mark.length;
    this.#scanned = Math.max(this.#scanned, this.#start);
  }

  #tooLarge(limitBytes: number): Frame {
    this.#dead = true;
    this.#nextLine = this.#foundLines = 0;
    this.#longLines?.done();
    this.#release();
    return { kind: "too_large", limitBytes };
  }

  #release(): void {
    this.#buffer = nothing;
    this.#text = undefined;
    this.#scanner = undefined;
    this.#start = this.#end = this.#scanned = 0;
  }

  /** Makes room for `more` bytes after the end: by moving the rest to the front, or by doubling. */
  #reserve(more: number): void {
    const pending = this.pendingBytes;
    if (this.#end + more <= this.#buffer.length) return;
    const target = pending + more <= this.#buffer.length ? this.#buffer : new Uint8Array(2 * (pending + more));
    target.set(this.#buffer.subarray(this.#start, this.#end), 0);
    this.#buffer = target;
    for (let at = this.#nextLine; at < this.#foundLines; at += 1) {
      this.#newlines[at] = (this.#newlines[at] ?? 0) - this.#start;
    }
    this.#scanned -= this.#start;
    this.#start = 0;
    this.#end = pending;
  }
}
