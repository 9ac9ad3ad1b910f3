// Converts client text to bytes and back without loss: different texts never become the same bytes. UTF-8 alone is not
// enough: it has no lone surrogates, which JSON can spell, and replaces all of them with the same character.

/** No UTF-8 text begins with this byte; UTF-16, little-endian, follows it. */
const utf16Mark = 0xff;

/**
 * For a statement that says `CAST(? AS BLOB)`, which makes UTF-8 of a string: cheaper than making the bytes here. Comparing
 * with stored bytes needs the same cast.
 */
export function textParameter(text: string): string | Uint8Array {
  return text.isWellFormed() ? text : Buffer.concat([Buffer.of(utf16Mark), Buffer.from(text, "utf16le")]);
}

export function textOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer[0] === utf16Mark ? buffer.toString("utf16le", 1) : buffer.toString("utf8");
}

/** For TEXT columns that hold what a client chose: older versions of node:sqlite truncate text at U+0000. */
export function withoutNul(text: string): string {
  return text.replaceAll("\u0000", "\ufffd");
}
