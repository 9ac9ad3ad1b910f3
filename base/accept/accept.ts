// Accepts connections whose protocol is not known yet: TLS and plain JSON use the same port [P-1.4]. The listener decides
// how many may wait, for how long, and what happens to each.

import { createServer } from "node:net";
import type { AddressInfo, ListenOptions, Server, Socket } from "node:net";
import { canonicalIp } from "../../protocol/ip/canonical-ip.ts";
import type { Pin } from "../../protocol/pin.ts";
import { awaitFirstByte } from "./first-byte.ts";
import { sayAndClose } from "./say-and-close.ts";
import type { TlsWire } from "./tls-wire.ts";

/** Creates a server for connections that may stay half open; an error ends only its own connection. */
export function createAcceptor(accept: (socket: Socket) => void): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    accept(socket);
  });
}

/**
 * Listens. A later error of the listening socket affects only one client, which tries again.
 * @throws the system's error, such as EADDRINUSE
 */
export async function listenAt(server: Server, options: ListenOptions): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", () => undefined);
  return server.address() as AddressInfo;
}

/** @returns the canonical spelling of its address; undefined if the other end left before it was accepted */
export function remoteIp(socket: Socket): string | undefined {
  return canonicalIp(socket.remoteAddress ?? "");
}

export interface WirePolicy {
  readonly tls: TlsWire;
  /** Whether a client may connect without a key of its own. */
  readonly anonymous: boolean;
  /** The line with which plain JSON is refused, without reading it, before the close; undefined: it is served. */
  readonly plainRefusal: string | undefined;
  /** @param peerKey the pin of the key that the client has proved by TLS */
  readonly serve: (socket: Socket, secure: boolean, peerKey: Pin | undefined) => void;
}

/**
 * Serves a connection by its protocol; one that speaks neither TLS nor JSON is closed. The caller's deadline ends one that
 * sends nothing or does not close by itself.
 * @param socket from which nothing was read
 */
export function serveByFirstByte(socket: Socket, { tls, anonymous, plainRefusal, serve }: WirePolicy): void {
  awaitFirstByte(socket, (wire) => {
    if (wire === "tls") {
      tls.shake(socket, (secure, peerKey) => {
        if (peerKey === undefined && !anonymous) {
          secure.destroy();
          return;
        }
        // The same check inside TLS: a browser's https request must not smuggle in a line either.
        awaitFirstByte(secure, (inner) => (inner === "json" ? serve(secure, true, peerKey) : secure.destroy()));
      });
    } else if (wire === "unknown") socket.destroy();
    else if (plainRefusal === undefined) serve(socket, false, undefined);
    else sayAndClose(socket, plainRefusal);
  });
}
