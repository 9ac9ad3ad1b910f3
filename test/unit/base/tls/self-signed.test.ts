import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import { makeSelfSigned } from "../../../../base/tls/self-signed.ts";

const notBeforeMs = Date.UTC(2025, 0, 1);
const notAfterMs = Date.UTC(2076, 11, 31, 23, 59, 59);
const make = (commonName: string) => makeSelfSigned({ commonName, notBeforeMs, notAfterMs });

describe("A self-signed certificate", () => {
  it("says whose it is, from when until when, and that it signs no others", async () => {
    const { key, certificate } = await make("chat-room-server");
    const read = new X509Certificate(certificate);
    assert.equal(read.subject, "CN=chat-room-server");
    assert.equal(read.issuer, read.subject);
    assert.equal(read.validFromDate.getTime(), notBeforeMs);
    assert.equal(read.validToDate.getTime(), notAfterMs);
    assert.equal(read.ca, false);
    assert.ok(read.verify(read.publicKey));
    assert.ok(read.checkPrivateKey(createPrivateKey(key)));
    assert.equal(read.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  });

  it("holds for names of any length and script, and has a serial number of its own", async () => {
    const serials = new Set<string>();
    for (const name of ["a", "ü".repeat(31), "x".repeat(64), "n".repeat(300)]) {
      const read = new X509Certificate((await make(name)).certificate);
      assert.equal(read.subject, `CN=${name}`);
      assert.match(read.serialNumber, /^[4-7][0-9A-F]{31}$/);
      serials.add(read.serialNumber);
    }
    assert.equal(serials.size, 4);
  });

  it("is taken by both ends of TLS 1.3, and proves its key to a client that trusts it", async () => {
    const [ours, theirs] = [await make("localhost"), await make("client")];
    const common = { minVersion: "TLSv1.3" } as const;
    const server = createServer({
      ...common,
      key: ours.key,
      cert: ours.certificate,
      ca: theirs.certificate,
      requestCert: true,
    });
    const met = once(server, "secureConnection") as Promise<[TLSSocket]>;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const identity = { key: theirs.key, cert: theirs.certificate, ca: ours.certificate, servername: "localhost" };
    const client = connect({ ...common, ...identity, port, host: "127.0.0.1" });
    await once(client, "secureConnect");
    const [socket] = await met;
    assert.deepEqual([client.authorized, socket.authorized], [true, true]);
    client.destroy();
    socket.destroy();
    server.close();
  });
});
