// The TLS key of this installation: ECDSA P-256 (the runtime of VS Code cannot do Ed25519 certificates) and a self-signed
// certificate. They are made at the first start and kept in one file that only its owner can read, so that a crash leaves
// both or neither. The certificate's dates mean nothing; peers compare the pin.

import { createPrivateKey, X509Certificate } from "node:crypto";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { readPrivateFile, writePrivateFile } from "../files/private-file.ts";
import { pinOfCertificate } from "./certificate-pin.ts";
import type { Pin } from "../../protocol/pin.ts";

export interface TlsIdentity {
  /** PEM. */
  readonly key: string;
  /** PEM; may hold a chain, with its own certificate first. */
  readonly certificate: string;
  readonly pin: Pin;
}

export const identityFile = "tls-identity.pem";

const validYears = 50;
const yearMs = 365.25 * 24 * 60 * 60 * 1_000;
const keyBlock = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/;
const certificateBlocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Loads the identity from the folder; never makes one.
 * @param onClosed as for `readPrivateFile`
 * @returns undefined if there is none
 * @throws an error with a sentence if the file is damaged: a new key would look like an attack to everyone who pinned the
 * old one
 */
export function storedIdentity(folder: string, onClosed?: () => void): TlsIdentity | undefined {
  const path = join(folder, identityFile);
  const stored = readPrivateFile(path, onClosed);
  if (stored === undefined) return undefined;
  const key = keyBlock.exec(stored)?.[0];
  const certificates = stored.match(certificateBlocks);
  if (key !== undefined && certificates) return readIdentity(key, certificates.join("\n"), path);
  throw new Error(`${path} is damaged. Restore it from a backup, or remove it for a new key.`);
}

/**
 * Loads the identity from the folder, and makes it on first use. Only one process per folder may call it.
 * @param folder private to the user
 * @param commonName anything: nobody reads it
 * @param nowMs since 1970
 * @param onClosed as for `readPrivateFile`
 * @throws as `storedIdentity`
 */
export async function ownIdentity(
  folder: string,
  commonName: string,
  nowMs: number,
  onClosed?: () => void,
): Promise<TlsIdentity> {
  const path = join(folder, identityFile);
  const stored = storedIdentity(folder, onClosed);
  if (stored) return stored;
  // Imported only when it is needed: once in the life of a folder.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(nowMs - yearMs),
    notAfterDate: new Date(nowMs + validYears * yearMs),
  });
  const identity = readIdentity(made.private.trim(), made.cert.trim(), path);
  writePrivateFile(path, `${identity.key}\n${identity.certificate}\n`);
  return identity;
}

/**
 * @param name of the file or files, for the sentence
 * @throws an error with a sentence if they are not PEM, or do not belong together
 */
export function readIdentity(key: string, certificate: string, name: string): TlsIdentity {
  let own: X509Certificate;
  let belongs: boolean;
  try {
    own = new X509Certificate(certificate);
    belongs = own.checkPrivateKey(createPrivateKey(key));
    // Checks the rest of a chain too.
    if (belongs) createSecureContext({ key, cert: certificate });
  } catch (error) {
    throw new Error(`${name}: not a key and its certificate in PEM. Restore it from a backup.`, { cause: error });
  }
  if (belongs) return { key, certificate, pin: pinOfCertificate(own) };
  throw new Error(`${name}: the key is not that of the certificate. Give the two that belong together.`);
}
