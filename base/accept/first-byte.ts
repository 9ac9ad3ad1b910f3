// The first byte of a connection shows its protocol [P-1.4]. It is read without consuming it, so that the protocol's handler
// gets it too. A byte order mark before JSON, which some programs write, is skipped.

import type { Socket } from "node:net";
import { readAhead } from "../files/read-ahead.ts";

export type Wire = "json" | "tls" | "unknown";

/** The first byte of a TLS record that begins a handshake. */
const tlsStart = 0x16;
/** `{` and JSON's white space. */
const jsonStarts: ReadonlySet<number> = new Set([0x7b, 0x20, 0x09, 0x0a, 0x0d]);
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/** Calls `found` once, when the first byte has arrived; the socket is then paused, and nothing was consumed. */
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

/** @returns undefined until the deciding byte has arrived */
function wireOf(bytes: Buffer): Wire | undefined {
  if (bytes[0] === tlsStart) return "tls";
  const begun = bytes.subarray(0, byteOrderMark.length);
  const isMark = begun.every((byte, at) => byte === byteOrderMark[at]);
  const first = bytes[isMark ? byteOrderMark.length : 0];
  if (first === undefined) return undefined;
  return jsonStarts.has(first) ? "json" : "unknown";
}
