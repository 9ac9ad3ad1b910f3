// Where a peer may be dialled, out of what the server says: addresses only, each once. Loopback is this machine, so it is
// tried only where something else says that the peer is on it.

import { isLoopback } from "../../base/loopback.ts";
import { isIpAddress } from "../../protocol/ip.ts";
import { limits } from "../../protocol/limits.ts";
import type { Place } from "./dial.ts";
import type { AddressAnswer } from "./world.ts";

/** No address of one machine: unspecified, multicast, broadcast. */
const nobody = /^(0\.|0*:|2(2[4-9]|3\d)\.|255\.255\.255\.255$|ff[0-9a-f]{2}:)/i;

/** @param own every address of this machine */
export function placesOf({ ip, port, addresses = [] }: AddressAnswer, own: ReadonlySet<string>): Place[] {
  const named: Place[] = [...addresses, { ip, port }].filter((place) => isIpAddress(place.ip) && !isNobody(place.ip));
  const here = isLoopback(ip) || named.some((place) => !isLoopback(place.ip) && own.has(place.ip));
  const places = new Map<string, Place>();
  for (const place of named) {
    if (isLoopback(place.ip) && !here) continue;
    places.set(`${place.ip} ${place.port}`, { ip: place.ip, port: place.port });
  }
  return [...places.values()].slice(0, limits.maxAddresses + 1);
}

function isNobody(ip: string): boolean {
  return !isLoopback(ip) && nobody.test(ip);
}
