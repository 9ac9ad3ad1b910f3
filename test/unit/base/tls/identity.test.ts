import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityFile, ownIdentity, readIdentity } from "../../../../base/tls/identity.ts";
import { samePin } from "../../../../base/tls/certificate-pin.ts";
import { formatPin, isPin } from "../../../../protocol/pin.ts";

const nowMs = Date.UTC(2026, 0, 1);

describe("A key of one's own", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-identity-"));
    path = join(folder, identityFile);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const make = () => ownIdentity(folder, "test", nowMs);

  it("is made once, P-256, in one file for its owner alone", async () => {
    const made = await make();
    assert.deepEqual(await make(), made);
    assert.deepEqual(readdirSync(folder), [identityFile]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(createPrivateKey(made.key).asymmetricKeyDetails?.namedCurve, "prime256v1");
    assert.equal(new X509Certificate(made.certificate).checkPrivateKey(createPrivateKey(made.key)), true);
  });

  it("is another one in every folder", async () => {
    const other = mkdtempSync(join(tmpdir(), "chat-room-identity-"));
    const [left, right] = [await make(), await ownIdentity(other, "test", nowMs)];
    rmSync(other, { recursive: true });
    assert.equal(samePin(left.pin, right.pin), false);
  });

  it("has a pin that is the SHA-256 of its public key, whatever the certificate says", async () => {
    const { key, pin } = await make();
    const spki = createPublicKey(key).export({ type: "spki", format: "der" });
    assert.equal(pin, createHash("sha256").update(spki).digest("base64url"));
    assert.ok(isPin(pin));
  });

  it("is never replaced silently: a damaged file is refused by its name, with the way out", async () => {
    const { key } = await make();
    const damaged = ["", "nonsense", key, readFileSync(path, "utf8").replace(/[A-Za-z0-9]{20}/, "!")];
    for (const text of damaged) {
      writeFileSync(path, text);
      await assert.rejects(make(), (error: Error) => error.message.includes(path) && /Restore/.test(error.message));
      assert.equal(readFileSync(path, "utf8"), text);
    }
  });

  it("is refused where others can read it", async () => {
    await make();
    chmodSync(path, 0o644);
    await assert.rejects(make(), /chmod 600/);
  });

  it("must be the key of its certificate", async () => {
    const other = mkdtempSync(join(tmpdir(), "chat-room-identity-"));
    const [left, right] = [await make(), await ownIdentity(other, "test", nowMs)];
    rmSync(other, { recursive: true });
    assert.throws(() => readIdentity(left.key, right.certificate, "the pair"), /the pair: the key is not that/);
  });
});

describe("A pin", () => {
  const pin = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP-";

  it("is shown in groups of four", () => {
    assert.equal(formatPin(pin), "abcd efgh ijkl mnop qrst uvwx yzAB CDEF GHIJ KLMN OP-");
  });

  it("has 43 characters of base64url", () => {
    assert.ok(isPin(pin));
    for (const wrong of ["", pin.slice(1), `${pin}=`, `${pin.slice(1)}+`, `${pin}\n`]) assert.ok(!isPin(wrong), wrong);
  });
});
