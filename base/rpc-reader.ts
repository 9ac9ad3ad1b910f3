// Reads JSON-RPC from a socket, at both ends of the daemon's own one.

import type { Socket } from "node:net";
import { SocketMessageReader } from "vscode-jsonrpc/node";

/** The library's timer for a message that comes in pieces starts anew for ever, also when nothing more can come: none. */
export function rpcReader(socket: Socket): SocketMessageReader {
  const reader = new SocketMessageReader(socket);
  reader.partialMessageTimeout = 0;
  return reader;
}
