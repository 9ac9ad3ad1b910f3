// TLS 1.3 on connections that another part accepted and that begin with 0x16 [P-1.7]. Requests the client's certificate but
// admits clients without one; reports the proven key with the connection. Avoids four traps of node:tls: `handshakeTimeout`
// alone closes nothing, a resumed session shows no certificate, `requestCert` alone refuses nobody, and a socket that may be
// half-open is kept if its other end leaves during the handshake.

import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { createServer } from "node:tls";
import type { SecureContextOptions, TLSSocket } from "node:tls";
import type { TlsIdentity } from "../tls/identity.ts";
import { pinOfPeer } from "../tls/certificate-pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { limits } from "../../protocol/limits.ts";

/** @param peerKey pin of the key that the client has proved to hold, if any */
export type Secured = (socket: TLSSocket, peerKey: Pin | undefined) => void;

export interface TlsWire {
  /**
   * Does the handshake on a socket from which nothing was consumed. If it fails, destroys the socket and does not call
   * `secured`.
   */
  shake(socket: Socket, secured: Secured): void;
  /** Makes later handshakes use this identity. */
  show(identity: TlsIdentity): void;
}

export function createTlsWire(identity: TlsIdentity): TlsWire {
  /**
   * Keyed by the peer's address and port, because the event of a finished handshake does not name its socket.
   */
  const waiting = new Map<string, { readonly secured: Secured; readonly allowHalfOpen: boolean }>();
  const server = createServer({
    ...contextOf(identity),
    requestCert: true,
    // Certificates are self-signed and only their keys count: no chain and no date is checked.
    rejectUnauthorized: false,
    handshakeTimeout: limits.authenticationMs,
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.on("secureConnection", (socket) => {
    const shaken = waiting.get(peerOf(socket));
    if (!shaken) {
      socket.destroy();
      return;
    }
    socket.allowHalfOpen = shaken.allowHalfOpen;
    shaken.secured(socket, pinOfPeer(socket));
  });
  return {
    shake(socket, secured) {
      const peer = peerOf(socket);
      waiting.set(peer, { secured, allowHalfOpen: socket.allowHalfOpen });
      socket.allowHalfOpen = false;
      socket.once("close", () => waiting.delete(peer));
      server.emit("connection", socket);
    },
    show(next) {
      server.setSecureContext(contextOf(next));
    },
  };
}

function contextOf({ key, certificate }: TlsIdentity): SecureContextOptions {
  return { key, cert: certificate, minVersion: "TLSv1.3", secureOptions: constants.SSL_OP_NO_TICKET };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ""} ${remotePort ?? ""}`;
}
