// Finds where a JSON object ends that stands in bytes without a newline behind it [P-1.5]: by its braces, those in strings not
// counted. Goes on where it stopped when more bytes have come, so that an object in many small pieces is looked at once.
// Does not say whether the object is valid: that is for the parser.

const quote = 0x22;
const backslash = 0x5c;
const opening = 0x7b;
const closing = 0x7d;
const space = 0x20;

export class ObjectScanner {
  /** Bytes that were looked at, from the beginning of what is scanned. */
  #seen = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** It begins with something else than an object. */
  #hopeless = false;

  /**
   * @param bytes from the same beginning as in the call before, and as many or more
   * @returns the length of the first object with white space in front of it; undefined if it is not there, or not whole yet
   */
  endOfObject(bytes: Uint8Array): number | undefined {
    while (!this.#hopeless && this.#seen < bytes.length) {
      const byte = bytes[this.#seen] ?? 0;
      this.#seen += 1;
      if (this.#inString) this.#stringByte(byte);
      else if (byte === quote) this.#inString = true;
      else if (byte === opening) this.#depth += 1;
      else if (byte === closing) this.#depth -= 1;
      if (this.#depth > 0) continue;
      if (byte === closing && this.#depth === 0) return this.#seen;
      if (byte > space) this.#hopeless = true;
    }
    return undefined;
  }

  /** What comes next has another beginning. */
  restart(): void {
    this.#seen = this.#depth = 0;
    this.#inString = this.#escaped = this.#hopeless = false;
  }

  #stringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
  }
}
