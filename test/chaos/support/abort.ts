// Ends a connection with a reset, where one can still be sent: Node.js 24 keeps the handle of a socket for ever that is
// reset while its end is under way, and the process with it.

import type { Socket } from "node:net";

export function abort(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
