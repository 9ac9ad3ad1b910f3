// Addresses to dial for a peer, from what the server and the peer report: IP addresses only, each one once. Loopback is
// this machine, so it is tried only if something else shows that the peer is on it. A yes must not let the other person
// choose what this machine connects to. So the address they signed in from is plausible. Of the other addresses they name,
// link-local ones are refused (the metadata service of clouds is one), private ones are accepted only if this machine is in
// a network of that kind too, and only a few others are tried.

import { isLoopback } from "../../protocol/ip/loopback.ts";
import { canonicalIp } from "../../protocol/ip/canonical-ip.ts";
import { isIpAddress } from "../../protocol/ip/ip.ts";
import { limits } from "../../protocol/limits.ts";
import type { DialAddress } from "./dial.ts";
import { groupOf } from "./denials.ts";
import type { AddressAnswer } from "./direct-deps.ts";

/** Not the address of a single machine: unspecified, multicast, broadcast. */
const notOneHost = /^(0\.|0*:|2(2[4-9]|3\d)\.|255\.255\.255\.255$|ff[0-9a-f]{2}:)/i;

const linkLocal = /^(169\.254\.|fe[89ab][0-9a-f]:)/i;
/** RFC 1918, RFC 6598 (carriers and overlay networks), RFC 4193. */
const privateNetworks = [
  /^10\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^192\.168\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^f[cd][0-9a-f]{2}:/i,
];
/** Public addresses other than the one the peer signed in from. */
const maxElsewhere = 4;

/** Returns the addresses to dial. @param own every address of this machine */
export function dialAddressesOf({ ip, port, addresses = [] }: AddressAnswer, own: ReadonlySet<string>): DialAddress[] {
  const named: DialAddress[] = [...addresses, { ip, port }].filter(
    (place) => isIpAddress(place.ip) && !isNotOneHost(canonical(place.ip)),
  );
  const here = isLoopback(ip) || named.some((place) => !isLoopback(place.ip) && own.has(place.ip));
  const places = new Map<string, DialAddress>();
  let elsewhere = 0;
  for (const place of named) {
    if (isLoopback(place.ip) ? !here : !isPlausible(place.ip, ip, own)) continue;
    if (isElsewhere(place.ip, ip) && (elsewhere += 1) > maxElsewhere) continue;
    places.set(`${place.ip} ${place.port}`, { ip: place.ip, port: place.port });
  }
  return [...places.values()].slice(0, limits.maxAddresses + 1);
}

function isPlausible(named: string, signedInFrom: string, own: ReadonlySet<string>): boolean {
  const ip = canonical(named);
  if (ip === canonical(signedInFrom)) return true;
  if (linkLocal.test(ip)) return false;
  const network = privateNetworks.find((each) => each.test(ip));
  return network === undefined || [...own].some((each) => network.test(canonical(each)));
}

function isElsewhere(named: string, signedInFrom: string): boolean {
  if (groupOf(named) === groupOf(signedInFrom) || isLoopback(named)) return false;
  return !privateNetworks.some((each) => each.test(canonical(named)));
}

function canonical(ip: string): string {
  return canonicalIp(ip) ?? ip;
}

function isNotOneHost(ip: string): boolean {
  return !isLoopback(ip) && notOneHost.test(ip);
}
