// Finds the end of a JSON object that has no newline after it [P-1.5], by counting braces outside strings. Continues where
// it stopped when more bytes arrive, so that an object in many small pieces is scanned only once. Does not check that the
// object is valid: the parser does.

const quote = 0x22;
const backslash = 0x5c;
const opening = 0x7b;
const closing = 0x7d;
const space = 0x20;

export class ObjectScanner {
  /** Bytes that were scanned, from the beginning. */
  #seen = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** It begins with something other than an object. */
  #isOther = false;

  /**
   * @param bytes the same bytes as in the previous call, with more at the end or none
   * @returns the length of the first object, white space before it included; undefined if it is absent or incomplete
   */
  endOfObject(bytes: Uint8Array): number | undefined {
    while (!this.#isOther && this.#seen < bytes.length) {
      const byte = bytes[this.#seen] ?? 0;
      this.#seen += 1;
      if (this.#inString) this.#stringByte(byte);
      else if (byte === quote) this.#inString = true;
      else if (byte === opening) this.#depth += 1;
      else if (byte === closing) this.#depth -= 1;
      if (this.#depth > 0) continue;
      if (byte === closing && this.#depth === 0) return this.#seen;
      if (byte > space) this.#isOther = true;
    }
    return undefined;
  }

  /** The next bytes begin another object. */
  restart(): void {
    this.#seen = this.#depth = 0;
    this.#inString = this.#escaped = this.#isOther = false;
  }

  #stringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
  }
}
