// The pins of certificates, and of the peer of a TLS connection.

import { createHash, timingSafeEqual } from "node:crypto";
import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { Pin } from "../../protocol/pin.ts";

export function pinOfCertificate(certificate: X509Certificate): Pin {
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64url") as Pin;
}

/**
 * The pin of the key that the peer proved to hold. Undefined if it showed none, as after a resumed session: treat that as a
 * failure, never as a pass.
 */
export function pinOfPeer(socket: TLSSocket): Pin | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? undefined : pinOfCertificate(certificate);
}

export function samePin(left: Pin, right: Pin): boolean {
  return timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
