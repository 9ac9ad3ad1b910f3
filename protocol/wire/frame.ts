// The wire's framing [P-1]: UTF-8, one JSON object per line. What a line may turn out to be, and how one is written; lines
// are read by frame-decoder.ts.

export type JsonObject = { [name: string]: unknown };

export type Frame =
  | { readonly kind: "object"; readonly value: JsonObject }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "too_large"; readonly limitBytes: number };

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
