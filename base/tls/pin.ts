// A pin names a TLS key: base64url of the SHA-256 of its SubjectPublicKeyInfo (RFC 7469 section 2.4). Keys are trusted by
// their pin, never by dates, so a clock that jumps locks nobody out.

import { createHash, timingSafeEqual } from "node:crypto";
import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/** 43 characters of base64url. */
export type Pin = string & { readonly pin: unique symbol };

const form = /^[A-Za-z0-9_-]{43}$/;

export function isPin(text: string): text is Pin {
  return form.test(text);
}

export function pinOfCertificate(certificate: X509Certificate): Pin {
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64url") as Pin;
}

/**
 * The pin of the key that the peer proved to hold. Undefined where it showed none, as after a resumed session: that is a
 * failure, never a pass.
 */
export function pinOfPeer(socket: TLSSocket): Pin | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? undefined : pinOfCertificate(certificate);
}

export function samePin(left: Pin, right: Pin): boolean {
  return timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

/** For a person to compare: groups of four, upper and lower case matter. */
export function formatPin(pin: Pin): string {
  return (pin.match(/.{1,4}/g) ?? []).join(" ");
}
