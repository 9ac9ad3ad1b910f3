import assert from "node:assert/strict";
import fc from "fast-check";
import { readProxyHeader } from "../../../../server/net/proxy-header.ts";
import { proxyHeader, signature } from "../../../support/proxy-header.ts";

const ipv4 = proxyHeader({ source: "192.0.2.7" });
const ipv6 = proxyHeader({ source: "2001:db8::7" });

describe("a PROXY header of version 2", () => {
  it("names whoever connected to the proxy, over IPv4 and IPv6", () => {
    assert.deepEqual(readProxyHeader(ipv4), { kind: "proxied", address: "192.0.2.7", bytes: 28 });
    assert.deepEqual(readProxyHeader(ipv6), { kind: "proxied", address: "2001:db8::7", bytes: 52 });
    const mapped = proxyHeader({ source: "::ffff:192.0.2.7" });
    assert.deepEqual(readProxyHeader(mapped), { kind: "proxied", address: "192.0.2.7", bytes: 52 });
  });

  it("is of the proxy itself with the command LOCAL, whatever it says behind it", () => {
    assert.deepEqual(readProxyHeader(proxyHeader({ command: 0, family: 0, rest: [] })), { kind: "local", bytes: 16 });
    assert.deepEqual(readProxyHeader(proxyHeader({ command: 0, source: "192.0.2.7" })), { kind: "local", bytes: 28 });
  });

  it("may have more behind the addresses, which is skipped", () => {
    const tlvs = [0x02, 0x00, 0x03, 1, 2, 3, 0x04, 0x00, 0x00];
    const header = Buffer.concat([proxyHeader({ source: "192.0.2.7", tlvs }), Buffer.from('{"type":"alive"}\n')]);
    assert.deepEqual(readProxyHeader(header), { kind: "proxied", address: "192.0.2.7", bytes: 28 + tlvs.length });
  });

  it("is read at every point where it may be split: not before it is whole, and the same then", () => {
    for (const header of [ipv4, ipv6, proxyHeader({ source: "192.0.2.7", tlvs: [1, 0, 1, 9] })]) {
      for (let length = 0; length < header.length; length += 1) {
        assert.deepEqual(readProxyHeader(header.subarray(0, length)), { kind: "incomplete" }, `${length} bytes`);
      }
      assert.equal(readProxyHeader(header).kind, "proxied");
    }
  });

  const wrong: Record<string, Buffer> = {
    "version 1, in text": Buffer.from("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n"),
    "a line without a header": Buffer.from('{"type":"alive"}\n'),
    "TLS without a header": Buffer.from([0x16, 3, 1]),
    "another version": proxyHeader({ version: 1, source: "192.0.2.7" }),
    "another command": proxyHeader({ command: 2, source: "192.0.2.7" }),
    UDP: proxyHeader({ family: 0x12, source: "192.0.2.7" }),
    "a unix socket": proxyHeader({ family: 0x31, rest: Array<number>(216).fill(0) }),
    "nothing about the connection": proxyHeader({ family: 0, rest: [] }),
    "fewer bytes than the addresses take": proxyHeader({ family: 0x11, rest: Array<number>(11).fill(1) }),
    "IPv6 in the space of IPv4": proxyHeader({ family: 0x21, rest: Array<number>(12).fill(1) }),
    "more than is read": Buffer.concat([Buffer.from([...signature, 0x21, 0x11]), Buffer.from([0xff, 0xff])]),
  };
  for (const [what, bytes] of Object.entries(wrong)) {
    it(`is bad with ${what}`, () => {
      assert.equal(readProxyHeader(bytes).kind, "bad");
    });
  }

  it("is bad from the first byte that does not fit", () => {
    for (let at = 0; at < signature.length; at += 1) {
      const bytes = Buffer.from(signature.slice(0, at + 1));
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      assert.equal(readProxyHeader(bytes).kind, "bad", `byte ${at}`);
    }
  });

  it("never asks for more than it may have, and never throws, for any bytes", () => {
    const any = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(any, fc.boolean(), (random, signed) => {
        const bytes = Buffer.from(signed ? [...signature, ...random] : random);
        const found = readProxyHeader(bytes);
        if (found.kind === "local" || found.kind === "proxied") assert.ok(found.bytes <= bytes.length);
        if (found.kind === "incomplete" && bytes.length >= 16) assert.ok(bytes.readUInt16BE(14) <= 4_096);
      }),
      { seed: 10, numRuns: 5_000 },
    );
  });
});
