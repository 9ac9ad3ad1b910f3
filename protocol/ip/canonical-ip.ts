// One spelling per IP address (RFC 5952). The system, a person and a proxy write the same address in different ways, and what
// is compared, counted or kept by its text must not depend on that: an IPv4 address that arrived at an IPv6 socket
// (`::ffff:192.0.2.1`) is the IPv4 address. A zone (`%eth0`) stays for link-local addresses only, where it is part of the way.

const ipv4Part = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const hextet = /^[0-9a-f]{1,4}$/i;
/** Names and numbers of network interfaces, as systems print them behind the `%`. */
const zoneForm = /^[0-9A-Za-z_.~-]{1,64}$/;

/** @returns undefined if the text is not an IP address */
export function canonicalIp(text: string): string | undefined {
  if (ipv4Bytes(text)) return text;
  const groups = ipv6Groups(text);
  if (!groups) return undefined;
  const [, zone] = text.split("%");
  return mappedIpv4(groups) ?? `${compressed(groups)}${zone !== undefined && isLinkLocal(groups) ? `%${zone}` : ""}`;
}

/** The eight groups of 16 bits of an IPv6 address, its zone left out. @returns undefined if the text is not one */
export function ipv6Groups(text: string): readonly number[] | undefined {
  const [address = "", zone, ...more] = text.split("%");
  if (more.length > 0 || (zone !== undefined && !zoneForm.test(zone))) return undefined;
  if (address.length > 45 || !address.includes(":")) return undefined;
  const [head = "", tail, ...rest] = address.split("::");
  if (rest.length > 0) return undefined;
  const left = groupsOf(head, tail === undefined);
  const right = tail === undefined ? [] : groupsOf(tail, true);
  if (!left || !right) return undefined;
  const given = left.length + right.length;
  if (tail === undefined ? given !== 8 : given > 7) return undefined;
  return [...left, ...Array<number>(8 - given).fill(0), ...right];
}

/** The IPv4 address that an IPv6 address of `::ffff:0:0/96` stands for (RFC 4291, 2.5.5.2). */
export function mappedIpv4(groups: readonly number[]): string | undefined {
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return undefined;
  return embeddedIpv4(groups);
}

/** The last 32 bits, as an IPv4 address. */
export function embeddedIpv4(groups: readonly number[]): string {
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}

/** @param last an IPv4 address may stand for the last two groups */
function groupsOf(text: string, last: boolean): number[] | undefined {
  const parts = text === "" ? [] : text.split(":");
  const ipv4 = last ? ipv4Bytes(parts.at(-1) ?? "") : undefined;
  if (ipv4) parts.pop();
  if (!parts.every((part) => hextet.test(part))) return undefined;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0] = ipv4 ?? [];
  return ipv4 ? [...groups, a * 256 + b, c * 256 + d] : groups;
}

function ipv4Bytes(text: string): number[] | undefined {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => ipv4Part.test(part)) ? parts.map(Number) : undefined;
}

/** fe80::/10 */
function isLinkLocal([first = 0]: readonly number[]): boolean {
  return (first & 0xffc0) === 0xfe80;
}

/** Lower case, and `::` for the first of the longest runs of two zeros or more. */
function compressed(groups: readonly number[]): string {
  let [start, length] = [-1, 1];
  for (let at = 0; at < groups.length; at += 1) {
    let end = at;
    while (groups[end] === 0) end += 1;
    if (end - at > length) [start, length] = [at, end - at];
    at = Math.max(at, end - 1);
  }
  const hex = groups.map((group) => group.toString(16));
  if (start === -1) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}
