// The wire's framing [P-1]: UTF-8, one JSON object per line. Defines what a line may turn out to be, and writes lines;
// frame-decoder.ts reads them.

export type JsonObject = { [name: string]: unknown };

export type Frame =
  | { readonly kind: "object"; readonly value: JsonObject }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "too_large"; readonly limitBytes: number };

/** Encodes an object as its line, with the newline. */
export function encodeFrame(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** The UTF-8 bytes of `text` as a JSON string: what counts against the limit of a `msg` [P-4.2]. */
export function encodedTextBytes(text: string): number {
  return utf8Bytes(JSON.stringify(text));
}

export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
