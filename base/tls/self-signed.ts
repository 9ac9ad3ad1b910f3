// A self-signed certificate of a new P-256 key (RFC 5280, in DER): the envelope in which TLS carries a key. Whoever connects
// compares the key, so it says no more than it must. Node makes keys and signatures, but no certificates; the libraries that do
// are a third of a program for these few bytes. Encodes fixed fields only, and reads nothing.

import { generateKeyPair, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";

export interface SelfSigned {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
}

export interface SelfSignedOptions {
  readonly commonName: string;
  /** Since 1970, as `notAfterMs`. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** By the names of X.680. */
const tags = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, utf8: 0x0c, utcTime: 0x17, time: 0x18 } as const;
const [sequenceTag, setTag, versionTag, extensionsTag] = [0x30, 0x31, 0xa0, 0xa3];

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = Buffer.from("06082a8648ce3d040302", "hex");
/** 2.5.4.3 */
const commonNameId = Buffer.from("0603550403", "hex");
/** 2.5.29.19 */
const basicConstraintsId = Buffer.from("0603551d13", "hex");

export async function makeSelfSigned(options: SelfSignedOptions): Promise<SelfSigned> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  const signed = toBeSigned(options, publicKey.export({ type: "spki", format: "der" }));
  const signature = sign("sha256", signed, privateKey);
  const certificate = sequence(signed, sequence(ecdsaWithSha256), bitString(signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString().trim(),
    certificate: pem(certificate),
  };
}

function toBeSigned({ commonName, notBeforeMs, notAfterMs }: SelfSignedOptions, publicKey: Buffer): Buffer {
  const name = sequence(der(setTag, sequence(commonNameId, der(tags.utf8, Buffer.from(commonName, "utf8")))));
  return sequence(
    der(versionTag, der(tags.integer, Buffer.of(2))), // the third version
    der(tags.integer, serialNumber()),
    sequence(ecdsaWithSha256),
    name,
    sequence(timeOf(notBeforeMs), timeOf(notAfterMs)),
    name,
    publicKey,
    der(extensionsTag, sequence(noAuthority())),
  );
}

/** Critical: signs no other certificates. */
function noAuthority(): Buffer {
  return sequence(basicConstraintsId, der(tags.boolean, Buffer.of(0xff)), der(tags.octets, sequence()));
}

/** Positive, and no shorter for a zero in front. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** Two digits of the year before 2050, four from then on. */
function timeOf(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replaceAll(/\D/g, "")}Z`;
  return digits < "2050" ? der(tags.utcTime, Buffer.from(digits.slice(2))) : der(tags.time, Buffer.from(digits));
}

function bitString(bytes: Buffer): Buffer {
  return der(tags.bits, Buffer.of(0), bytes);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(sequenceTag, ...parts);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag, ...lengthOf(body.length)), body]);
}

function lengthOf(bytes: number): readonly number[] {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----"].join("\n");
}
