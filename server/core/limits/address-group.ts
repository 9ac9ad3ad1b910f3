// Groups addresses that one person can choose among freely: an IPv6 network of 64 bits counts as one. Each IPv4 address
// counts alone, even if it arrives as an IPv6 address: mapped (RFC 4291) or through a NAT64 in front of the server (RFC
// 6052).

import { canonicalIp, embeddedIpv4, ipv6Groups } from "../../../protocol/ip/canonical-ip.ts";

/** Names the group of a textual IP address; the same for every spelling of it. */
export function addressGroup(address: string): string {
  const canonical = canonicalIp(address);
  const groups = canonical === undefined ? undefined : ipv6Groups(canonical);
  // Text that is no address, and an IPv4 address, are groups of their own.
  if (!groups) return canonical ?? address;
  if (isNat64(groups)) return embeddedIpv4(groups);
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** 64:ff9b::/96 */
function isNat64([first, second, ...rest]: readonly number[]): boolean {
  return first === 0x64 && second === 0xff9b && rest.slice(0, 4).every((group) => group === 0);
}
