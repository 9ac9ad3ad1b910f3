// The header that a proxy puts in front of a connection to name its client: PROXY protocol version 2 (HAProxy's
// proxy-protocol.txt, section 2.2). Supports TCP over IPv4 and IPv6; what follows the addresses (TLVs) is skipped. A pure
// parser of the first bytes: the listener decides who may send a header.

import { canonicalIp } from "../../protocol/ip/canonical-ip.ts";

export type ProxyHeader =
  /** More bytes are needed. */
  | { readonly kind: "incomplete" }
  | { readonly kind: "bad"; readonly reason: string }
  /** The proxy connects for itself: a health check. */
  | { readonly kind: "local"; readonly bytes: number }
  /** Address of the client that connected to the proxy, in canonical form. */
  | { readonly kind: "proxied"; readonly address: string; readonly bytes: number };

const signature = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a] as const;
const fixedBytes = 16;
/** The part after the fixed one. A proxy that passes on a client's certificate sends a few hundred bytes. */
const maxRestBytes = 4_096;
const version = 2;
const commands = { local: 0, proxy: 1 } as const;
/** Bytes of the source address, and of both addresses and ports together. */
const families: Readonly<Record<number, { readonly sourceBytes: number; readonly bytes: number }>> = {
  0x11: { sourceBytes: 4, bytes: 12 },
  0x21: { sourceBytes: 16, bytes: 36 },
};

/** @param bytes everything received on the connection so far */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  const begun = bytes.subarray(0, signature.length);
  if (!begun.every((byte, at) => byte === signature[at]))
    return bad("it does not begin with the signature of version 2");
  if (bytes.length < fixedBytes) return { kind: "incomplete" };
  const [versionAndCommand, family] = [bytes.readUInt8(12), bytes.readUInt8(13)];
  const restBytes = bytes.readUInt16BE(14);
  if (versionAndCommand >> 4 !== version) return bad("its version is not 2");
  if (restBytes > maxRestBytes) return bad(`it is longer than ${maxRestBytes} bytes`);
  if (bytes.length < fixedBytes + restBytes) return { kind: "incomplete" };
  const rest = bytes.subarray(fixedBytes, fixedBytes + restBytes);
  const whole = fixedBytes + restBytes;
  switch (versionAndCommand & 0x0f) {
    case commands.local:
      return { kind: "local", bytes: whole };
    case commands.proxy: {
      const address = sourceOf(family, rest);
      return address === undefined
        ? bad("it names no TCP connection over IPv4 or IPv6")
        : { kind: "proxied", address, bytes: whole };
    }
    default:
      return bad("its command is neither LOCAL nor PROXY");
  }
}

function sourceOf(family: number, rest: Buffer): string | undefined {
  const form = families[family];
  if (!form || rest.length < form.bytes) return undefined;
  const source = rest.subarray(0, form.sourceBytes);
  if (form.sourceBytes === 4) return source.join(".");
  return canonicalIp((source.toString("hex").match(/.{4}/g) ?? []).join(":"));
}

function bad(reason: string): ProxyHeader {
  return { kind: "bad", reason };
}
