// Ends a connection with a reset, if one can still be sent. If a socket is reset while its end is in flight, Node.js 24
// keeps its handle forever, and with it the process.

import type { Socket } from "node:net";

export function abort(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
