// How a server changes its key without losing those who pinned the old one [P-1.11]: while it has both, the old key signs the
// pin of the next one. Whoever trusts a key follows such statements to the one that is shown, and nothing else. A statement
// cannot be taken back: a key that was stolen may sign what it likes, and the key that followed it has to be protected as well.

import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { PinStatement } from "../../protocol/wire/session.ts";
import type { Pin } from "../../protocol/pin.ts";
import type { TlsIdentity } from "./identity.ts";

/** Changes with the form of what is signed. */
const purpose = "chat-room next pin 1";
/** Of keys that can hold a certificate of TLS 1.3; the others have no business here. */
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
 * Whether the statements lead from a key that is trusted to the one that is shown: each signed by the one before, in the order
 * in which they were made, and through no key twice.
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

/** By the key whose pin is `from`. */
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
