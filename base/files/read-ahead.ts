// Reads the beginning of a connection until a caller has seen enough, and gives back what the caller did not take, so that
// the next reader sees the connection as if it had not been read. Sets no deadline and no bound: the caller does.

import type { Socket } from "node:net";

export interface Seen<T> {
  readonly found: T;
  /** Bytes from the beginning that no later reader gets. */
  readonly taken: number;
}

/**
 * If the other end leaves first, the connection is closed and `done` is not called.
 * @param look called with all bytes so far; undefined: more are needed
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
