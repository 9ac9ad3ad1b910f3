// Addresses that one person can choose among freely count as one: an IPv6 network of 64 bits, but each IPv4 address alone.

/** A name for the group of a textual IP address. */
export function addressGroup(address: string): string {
  if (!address.includes(":")) return address;
  const [bare = ""] = address.split("%");
  const [left = "", right] = bare.toLowerCase().split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  // An IPv4 address at the end stands for two groups of 16 bits.
  const given = head.length + tail.length + (bare.includes(".") ? 1 : 0);
  const zeros = right === undefined ? 0 : Math.max(0, 8 - given);
  const all = [...head, ...Array<string>(zeros).fill("0"), ...tail];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
