// Accepting connections of which it is not known yet what they speak: TLS and plain JSON come to the same port [P-1.4]. How
// many may wait, for how long, and what becomes of one is for whoever listens to decide.

import { createServer } from "node:net";
import type { AddressInfo, ListenOptions, Server, Socket } from "node:net";
import { canonicalIp } from "../../protocol/ip/canonical-ip.ts";
import type { Pin } from "../../protocol/pin.ts";
import { awaitFirstByte } from "./first-byte.ts";
import { sayAndClose } from "./say-and-close.ts";
import type { TlsWire } from "./tls-wire.ts";

/** A server for connections that may stay half open; an error of one of them is that one's end. */
export function createAcceptor(accept: (socket: Socket) => void): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    accept(socket);
  });
}

/**
 * A later error of the listening socket concerns one client, which tries again.
 * @throws what the system says, such as EADDRINUSE
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

/** @returns the one spelling of its address; undefined if the other end left before it was accepted */
export function remoteIp(socket: Socket): string | undefined {
  return canonicalIp(socket.remoteAddress ?? "");
}

export interface WirePolicy {
  readonly tls: TlsWire;
  /** Whether a client may shake hands without a key of its own. */
  readonly anonymous: boolean;
  /** Plain JSON gets that line for an answer, and is closed without a look at what it says; undefined: it is served. */
  readonly plainRefusal: string | undefined;
  /** @param peerKey the pin of the key that it proved by TLS */
  readonly serve: (socket: Socket, secure: boolean, peerKey: Pin | undefined) => void;
}

/**
 * Serves a connection by what it speaks; one that speaks neither TLS nor JSON is closed. The caller's deadline ends one that
 * says nothing or does not close by itself.
 * @param socket of which nothing was read
 */
export function serveByFirstByte(socket: Socket, { tls, anonymous, plainRefusal, serve }: WirePolicy): void {
  awaitFirstByte(socket, (wire) => {
    if (wire === "tls") {
      tls.shake(socket, (secure, peerKey) => {
        if (peerKey === undefined && !anonymous) {
          secure.destroy();
          return;
        }
        // Once more inside: an https request of a browser must not smuggle a line in either.
        awaitFirstByte(secure, (inner) => (inner === "json" ? serve(secure, true, peerKey) : secure.destroy()));
      });
    } else if (wire === "unknown") socket.destroy();
    else if (plainRefusal === undefined) serve(socket, false, undefined);
    else sayAndClose(socket, plainRefusal);
  });
}
