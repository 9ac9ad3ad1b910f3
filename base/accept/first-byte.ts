// What a connection speaks is told by its first byte [P-1.4], and read without taking it away from whoever serves it then. A
// byte order mark in front of JSON, which some programs write, is looked through.

import type { Socket } from "node:net";
import { readAhead } from "../files/read-ahead.ts";

export type Wire = "json" | "tls" | "unknown";

/** The first byte of a TLS record that begins a handshake. */
const tlsStart = 0x16;
/** `{` and JSON's white space. */
const jsonStarts: ReadonlySet<number> = new Set([0x7b, 0x20, 0x09, 0x0a, 0x0d]);
const mark = [0xef, 0xbb, 0xbf] as const;

/** Calls `found` once, when the first byte is there; the socket is paused then, and nothing of it was consumed. */
export function awaitFirstByte(socket: Socket, found: (wire: Wire) => void): void {
  readAhead(
    socket,
    (bytes) => {
      const wire = wireOf(bytes);
      return wire && { found: wire, taken: 0 };
    },
    found,
  );
}

/** @returns undefined while the byte that decides is not there */
function wireOf(bytes: Buffer): Wire | undefined {
  if (bytes[0] === tlsStart) return "tls";
  const begun = bytes.subarray(0, mark.length);
  const isMark = begun.every((byte, at) => byte === mark[at]);
  const first = bytes[isMark ? mark.length : 0];
  if (first === undefined) return undefined;
  return jsonStarts.has(first) ? "json" : "unknown";
}
