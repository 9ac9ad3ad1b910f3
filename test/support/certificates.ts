// Keys and certificates for tests: self-signed, signed by an authority, or expired.

import { networkInterfaces } from "node:os";
import { generate } from "selfsigned";
import { readIdentity } from "../../base/tls/identity.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";

export interface CertificateOptions {
  /** Signs it; otherwise it is self-signed. */
  readonly authority?: TlsIdentity;
  readonly isAuthority?: boolean;
  /** The address that it is valid for. */
  readonly ip?: string;
  readonly expired?: boolean;
}

const dayMs = 86_400_000;

export async function makeCertificate(options: CertificateOptions = {}): Promise<TlsIdentity> {
  const { authority, isAuthority = false, ip, expired = false } = options;
  const nowMs = Date.now();
  const name = isAuthority ? "Authority of tests" : "Server of tests";
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(nowMs - 20 * dayMs),
    notAfterDate: new Date(nowMs + (expired ? -10 : 10) * dayMs),
    ...(isAuthority && {
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
      ],
    }),
    ...(ip !== undefined && { extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip }] }] }),
    ...(authority && { ca: { key: authority.key, cert: authority.certificate } }),
  });
  const chain = authority ? `${made.cert.trim()}\n${authority.certificate}` : made.cert;
  return readIdentity(made.private, chain, "a certificate of tests");
}

/** An address of this machine that is not loopback, if there is one. */
export function outwardAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find(({ internal, family }) => !internal && family === "IPv4")?.address;
}
