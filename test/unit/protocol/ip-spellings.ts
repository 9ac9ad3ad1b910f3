// IPv6 addresses for property tests, and the different spellings of one address.

import fc from "fast-check";

/** Eight groups of 16 bits, with many zeros, and many that represent IPv4 addresses. */
export const ipv6: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 }),
  fc.tuple(fc.nat(0xffff), fc.nat(0xffff)).map(([high, low]) => [0, 0, 0, 0, 0, 0xffff, high, low]),
);

/** @param chance position of a `::`, if there is more than one possible place */
export function spellings(groups: readonly number[], chance: number): string[] {
  const hex = groups.map((group) => group.toString(16));
  const padded = hex.map((group) => group.padStart(4, "0"));
  const [high = 0, low = 0] = groups.slice(6);
  const ipv4 = [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
  const zeros = groups.flatMap((group, at) => (group === 0 ? [at] : []));
  const at = zeros[chance % Math.max(1, zeros.length)];
  const short = at === undefined ? [] : [`${hex.slice(0, at).join(":")}::${hex.slice(at + 1).join(":")}`];
  const withIpv4 = [...hex.slice(0, 6), ipv4].join(":");
  const all = [hex.join(":"), padded.join(":"), withIpv4, ...short];
  return [...all, ...all.map((text) => text.toUpperCase())];
}
