// Reads the beginning of a connection until somebody has seen enough of it, and gives back what they did not want, so that
// whoever serves the connection reads it as if nobody had looked. Sets no deadline and no bound: whoever looks decides.

import type { Socket } from "node:net";

export interface Seen<T> {
  readonly found: T;
  /** Bytes from the beginning that nobody else shall read. */
  readonly taken: number;
}

/**
 * A connection whose other end leaves before is closed, and nobody is told.
 * @param look at all bytes so far; undefined: more are needed
 * @param done called once; the socket is paused then
 */
export function readAhead<T>(
  socket: Socket,
  look: (bytes: Buffer) => Seen<T> | undefined,
  done: (found: T) => void,
): void {
  let bytes: Buffer = Buffer.alloc(0);
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
    if (chunk === null) return;
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const seen = look(bytes);
    if (!seen) return;
    stop();
    socket.pause();
    if (bytes.length > seen.taken) socket.unshift(bytes.subarray(seen.taken));
    done(seen.found);
  };
  socket.on("readable", peek).on("end", left).on("close", stop).on("error", swallow);
}
