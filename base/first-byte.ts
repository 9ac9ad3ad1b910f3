// What a connection speaks is told by its first byte [P-1.4], and read without taking it away from whoever serves it then.
// Sets no deadline: that is over more than the first byte.

import type { Socket } from "node:net";

export type Wire = "json" | "tls" | "unknown";

/** The first byte of a TLS record that begins a handshake. */
const tlsStart = 0x16;
/** `{` and JSON's white space. */
const jsonStarts: ReadonlySet<number> = new Set([0x7b, 0x20, 0x09, 0x0a, 0x0d]);

/** Calls `found` once, when the first byte is there; the socket is paused then, and nothing of it was consumed. */
export function awaitFirstByte(socket: Socket, found: (wire: Wire) => void): void {
  const swallow = () => undefined;
  const stop = () => {
    socket.off("readable", peek).off("end", left).off("close", stop).off("error", swallow);
  };
  const left = () => {
    stop();
    socket.destroy();
  };
  const peek = () => {
    const chunk = socket.read() as Buffer | null;
    const first = chunk?.[0];
    if (chunk === null || first === undefined) return;
    stop();
    socket.pause();
    socket.unshift(chunk);
    found(wireOf(first));
  };
  socket.on("readable", peek).on("end", left).on("close", stop).on("error", swallow);
}

function wireOf(first: number): Wire {
  if (first === tlsStart) return "tls";
  return jsonStarts.has(first) ? "json" : "unknown";
}
