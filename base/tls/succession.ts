// How a server changes its key without losing those who pinned the old one [P-1.11]: while it has both, the old key signs
// the pin of the next one. A client that trusts a key follows such statements to the key that is shown, and nothing else. A
// statement cannot be revoked: a stolen key may sign anything, and the key that follows it has to be protected as well.

import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { PinStatement } from "../../protocol/wire/session.ts";
import type { Pin } from "../../protocol/pin.ts";
import type { TlsIdentity } from "./identity.ts";

/** Changes with the format of what is signed. */
const purpose = "chat-room next pin 1";
/** Key types that can have a TLS 1.3 certificate; others are not accepted. */
const digests: Readonly<Record<string, "sha256" | null>> = {
  ec: "sha256",
  rsa: "sha256",
  "rsa-pss": "sha256",
  ed25519: null,
  ed448: null,
};

/** @throws if the key is of a type that cannot sign */
export function signNextPin(old: TlsIdentity, next: Pin): PinStatement {
  const key = createPrivateKey(old.key);
  const signature = sign(digestOf(key), signedBytes(old.pin, next), key);
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
  return { from: old.pin, to: next, key: publicKey.toString("base64"), signature: signature.toString("base64") };
}

/**
 * Whether the statements lead from a trusted key to the key that is shown: each is signed by the previous key, they are in
 * the order in which they were made, and no key comes twice.
 */
export function leadsTo(shown: Pin, trusted: Pin, statements: readonly PinStatement[]): boolean {
  const passed = new Set<Pin>([trusted]);
  let current = trusted;
  for (const statement of statements) {
    if (statement.from !== current) continue;
    if (passed.has(statement.to) || !isSigned(statement)) return false;
    current = statement.to;
    passed.add(current);
  }
  return current === shown && shown !== trusted;
}

/** Whether the key whose pin is `from` has signed it. */
function isSigned({ from, to, key, signature }: PinStatement): boolean {
  try {
    const der = Buffer.from(key, "base64");
    if (createHash("sha256").update(der).digest("base64url") !== from) return false;
    const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
    return verify(digestOf(publicKey), signedBytes(from, to), publicKey, Buffer.from(signature, "base64"));
  } catch {
    return false;
  }
}

function digestOf(key: KeyObject): "sha256" | null {
  const digest = digests[key.asymmetricKeyType ?? ""];
  if (digest === undefined) throw new Error(`a key of the type ${key.asymmetricKeyType ?? "?"} does not sign here`);
  return digest;
}

function signedBytes(from: Pin, to: Pin): Buffer {
  return Buffer.from(`${purpose}\0${from}\0${to}`);
}
