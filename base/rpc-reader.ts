// Reads JSON-RPC from a socket, at both ends of the daemon's socket.

import type { Socket } from "node:net";
import { SocketMessageReader } from "vscode-jsonrpc/node";

/**
 * Creates a reader without the library's timer for partial messages, which would restart forever, even if nothing more can
 * arrive.
 */
export function rpcReader(socket: Socket): SocketMessageReader {
  const reader = new SocketMessageReader(socket);
  reader.partialMessageTimeout = 0;
  return reader;
}
