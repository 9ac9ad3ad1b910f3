// Sends one last line to a connection that is not served, and closes it.

import type { Socket } from "node:net";

/** How many bytes a client may send meanwhile. */
const maxDiscardedBytes = 256 * 1_024;

/** Sends the line and closes; the caller's deadline ends a connection that does not close by itself. */
export function sayAndClose(socket: Socket, line: string): void {
  let bytes = 0;
  socket.on("error", () => undefined);
  socket.end(line);
  // Bytes left unread would turn the close into a reset, which can overtake the line.
  socket.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxDiscardedBytes) socket.destroy();
  });
  socket.resume();
}
