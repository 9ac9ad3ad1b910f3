// Whether an address is a loopback address: what is sent there never reaches a network. The operator decides whether that
// means anything: behind a proxy or a tunnel on the same machine, everybody comes from one.

import { canonicalIp } from "./canonical-ip.ts";

/** @param host a name or an address in any spelling, as written in an option or as `socket.remoteAddress` has it */
export function isLoopback(host: string): boolean {
  const address = canonicalIp(host);
  if (address === undefined) return /^localhost\.?$/i.test(host);
  return address === "::1" || address.startsWith("127.");
}

/** Whether what comes from that address is trusted as coming from the same machine. Takes any spelling. */
export type AddressTrust = (address: string) => boolean;

/** @param trusted false: a loopback address is like any other */
export function loopbackTrust(trusted: boolean): AddressTrust {
  return trusted ? isLoopback : () => false;
}
