// A key of one's own for TLS: ECDSA P-256 (the runtime of VS Code cannot do Ed25519 certificates) and a self-signed
// certificate, made at the first start and kept in two files that only their owner can read. The certificate's dates say
// nothing; whoever connects compares the pin.

import { createPrivateKey, X509Certificate } from "node:crypto";
import { join } from "node:path";
import { generate } from "selfsigned";
import { readPrivateFile, writePrivateFile } from "../private-file.ts";
import { pinOfCertificate } from "./pin.ts";
import type { Pin } from "./pin.ts";

export interface TlsIdentity {
  /** PEM. */
  readonly key: string;
  /** PEM; may hold a chain, the own certificate first. */
  readonly certificate: string;
  readonly pin: Pin;
}

const validYears = 50;
const yearMs = 365.25 * 24 * 60 * 60 * 1_000;

/**
 * @param folder private to the user
 * @param nowMs since 1970
 * @throws a sentence where the files are damaged: a new key would look like an attack to everybody who pinned the old one
 */
export async function ownIdentity(folder: string, commonName: string, nowMs: number): Promise<TlsIdentity> {
  const keyFile = join(folder, "tls-key.pem");
  const certificateFile = join(folder, "tls-certificate.pem");
  const key = readPrivateFile(keyFile);
  const certificate = readPrivateFile(certificateFile);
  if (key !== undefined && certificate !== undefined) return readIdentity(key, certificate, keyFile);
  if (key !== undefined || certificate !== undefined) {
    throw new Error(`One of ${keyFile} and ${certificateFile} is missing. Restore it, or remove both for a new identity.`);
  }
  const made = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(nowMs - yearMs),
    notAfterDate: new Date(nowMs + validYears * yearMs),
  });
  writePrivateFile(certificateFile, made.cert);
  writePrivateFile(keyFile, made.private);
  return readIdentity(made.private, made.cert, keyFile);
}

/**
 * @param name of the key file, for the sentence
 * @throws a sentence where they do not belong together
 */
export function readIdentity(key: string, certificate: string, name: string): TlsIdentity {
  let own: X509Certificate;
  try {
    own = new X509Certificate(certificate);
    if (own.checkPrivateKey(createPrivateKey(key))) return { key, certificate, pin: pinOfCertificate(own) };
  } catch (error) {
    throw new Error(`${name} or its certificate is not PEM. Restore both from a backup.`, { cause: error });
  }
  throw new Error(`${name} is not the key of its certificate. Give the two that belong together.`);
}
