// Textual IP addresses: the check for places where the protocol accepts an address and no name. A scope (`%eth0`) is
// meaningful on one machine only and is not accepted.

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const hextet = /^[0-9a-f]{1,4}$/i;

export function isIpAddress(text: string): boolean {
  return ipv4.test(text) || isIpv6(text);
}

function isIpv6(text: string): boolean {
  if (text.length > 45 || !text.includes(":")) return false;
  const [left = "", right, ...more] = text.split("::");
  if (more.length > 0) return false;
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const all = [...head, ...tail];
  let size = all.length;
  const last = all.at(-1);
  // An IPv4 address at the end takes the place of two groups; only where groups can end.
  if (last?.includes(".") === true) {
    if (!ipv4.test(last) || (right !== undefined && tail.length === 0)) return false;
    all.pop();
    size += 1;
  }
  if (!all.every((group) => hextet.test(group))) return false;
  return right === undefined ? size === 8 : size <= 7;
}
