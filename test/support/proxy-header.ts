// Builds valid and invalid PROXY headers of version 2.

import { isIPv4 } from "node:net";
import { ipv6Groups } from "../../protocol/ip/canonical-ip.ts";

export const signature = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a] as const;

export interface ProxyHeaderParts {
  readonly version?: number;
  /** 0: LOCAL, 1: PROXY. */
  readonly command?: number;
  readonly source?: string;
  /** Default: the family of `source`, over TCP. */
  readonly family?: number;
  /** Default: the addresses and ports of `source`. */
  readonly rest?: readonly number[];
  readonly tlvs?: readonly number[];
}

export function proxyHeader(parts: ProxyHeaderParts): Buffer {
  const { version = 2, command = 1, source = "0.0.0.0", tlvs = [] } = parts;
  const family = parts.family ?? (isIPv4(source) ? 0x11 : 0x21);
  const address = bytesOf(source);
  const ports = [0x30, 0x39, 0x22, 0x3d];
  const rest = [...(parts.rest ?? [...address, ...address, ...ports]), ...tlvs];
  return Buffer.from([...signature, version * 16 + command, family, rest.length >> 8, rest.length & 0xff, ...rest]);
}

function bytesOf(address: string): number[] {
  if (isIPv4(address)) return address.split(".").map(Number);
  const groups = ipv6Groups(address);
  if (!groups) throw new Error(`${address} is not an address`);
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}
