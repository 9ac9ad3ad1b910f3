import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, verify } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { leadsTo, signNextPin } from "../../../../base/tls/succession.ts";
import type { TlsIdentity } from "../../../../base/tls/identity.ts";
import type { PinStatement } from "../../../../protocol/wire/session.ts";
import type { Pin } from "../../../../protocol/pin.ts";

/** A key; the certificate plays no part in this. */
function identity({ privateKey, publicKey }: KeyPairKeyObjectResult = newKey()): TlsIdentity {
  const spki = publicKey.export({ type: "spki", format: "der" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { key, certificate: "", pin: createHash("sha256").update(spki).digest("base64url") as Pin };
}

function newKey(): KeyPairKeyObjectResult {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

describe("the succession of a server's keys [P-1.11]", () => {
  const [a, b, c, d] = [identity(), identity(), identity(), identity()];
  const ab = signNextPin(a, b.pin);
  const bc = signNextPin(b, c.pin);

  it("is followed over one statement, and over two", () => {
    assert.ok(leadsTo(b.pin, a.pin, [ab]));
    assert.ok(leadsTo(c.pin, a.pin, [ab, bc]));
    assert.ok(leadsTo(c.pin, b.pin, [ab, bc]), "from the middle");
    assert.ok(leadsTo(c.pin, a.pin, [signNextPin(d, a.pin), ab, bc]), "what was before does not matter");
  });

  it("is followed past statements of other branches", () => {
    // From a to b, back to a, and on to c: nobody is at b any more.
    assert.ok(leadsTo(c.pin, a.pin, [signNextPin(b, a.pin), signNextPin(a, c.pin)]));
    assert.ok(leadsTo(c.pin, b.pin, [signNextPin(b, a.pin), signNextPin(a, c.pin)]));
  });

  for (const [type, pair] of Object.entries({
    "P-384": generateKeyPairSync("ec", { namedCurve: "P-384" }),
    RSA: generateKeyPairSync("rsa", { modulusLength: 2_048 }),
    "RSA-PSS": generateKeyPairSync("rsa-pss", { modulusLength: 2_048 }),
    Ed25519: generateKeyPairSync("ed25519"),
    Ed448: generateKeyPairSync("ed448"),
  })) {
    it(`is signed by a key of the type ${type} too`, () => {
      const old = identity(pair);
      const statement = signNextPin(old, b.pin);
      assert.ok(leadsTo(b.pin, old.pin, [statement]));
      assert.ok(!leadsTo(c.pin, old.pin, [{ ...statement, to: c.pin }]));
    });
  }

  it("is nothing without statements, and is not asked for where the key is the one", () => {
    assert.ok(!leadsTo(b.pin, a.pin, []));
    assert.ok(!leadsTo(a.pin, a.pin, []));
  });

  it("ends at the key that is shown and at no other", () => {
    assert.ok(!leadsTo(b.pin, a.pin, [ab, bc]), "the key of before is shown again");
    assert.ok(!leadsTo(d.pin, a.pin, [ab, bc]));
    assert.ok(!leadsTo(c.pin, d.pin, [ab, bc]), "replayed to somebody who trusts another key");
  });

  it("is refused in another order than that in which it was made", () => {
    assert.ok(!leadsTo(c.pin, a.pin, [bc, ab]));
  });

  it("is refused if it passes a key twice", () => {
    const ba = signNextPin(b, a.pin);
    assert.ok(!leadsTo(b.pin, a.pin, [ab, ba, ab]));
    assert.ok(!leadsTo(c.pin, a.pin, [ab, ba, signNextPin(a, c.pin)]));
    assert.ok(!leadsTo(a.pin, b.pin, [signNextPin(b, b.pin), ba]));
  });

  const forged: Record<string, Partial<PinStatement>> = {
    "the signature of another key": { signature: signNextPin(d, b.pin).signature },
    "another key, that signed it": { key: signNextPin(d, b.pin).key, signature: signNextPin(d, b.pin).signature },
    "the signature of another statement": { signature: signNextPin(a, c.pin).signature },
    "a signature that is none": { signature: "AAAA" },
    "a key that is none": { key: "AAAA" },
    "a key with something behind it": {
      key: Buffer.concat([Buffer.from(ab.key, "base64"), Buffer.of(0)]).toString("base64"),
    },
  };
  for (const [what, change] of Object.entries(forged)) {
    it(`is refused with ${what}`, () => {
      assert.ok(!leadsTo(b.pin, a.pin, [{ ...ab, ...change }]));
      assert.ok(!leadsTo(c.pin, a.pin, [{ ...ab, ...change }, bc]));
      assert.ok(leadsTo(b.pin, a.pin, [ab]));
    });
  }

  it("is signed over its purpose and both pins, so that any client can check it", () => {
    const pair = generateKeyPairSync("ed25519");
    const old = identity(pair);
    const { from, to, key, signature } = signNextPin(old, b.pin);
    const spki = Buffer.from(key, "base64");
    assert.equal(createHash("sha256").update(spki).digest("base64url"), from);
    const bytes = Buffer.from(`chat-room next pin 1\0${from}\0${to}`);
    assert.ok(verify(null, bytes, pair.publicKey, Buffer.from(signature, "base64")));
  });
});
