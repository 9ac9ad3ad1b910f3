// Addresses at which this machine may be reached: those of the interfaces that the person chose. Link-local addresses are
// left out, because they mean something on one machine or one cable only. Loopback comes last, for two daemons on one
// machine.

import { networkInterfaces } from "node:os";
import type { NetworkInterfaceInfo } from "node:os";
import { limits } from "../../protocol/limits.ts";

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const linkLocal = /^(fe[89ab][0-9a-f]:|169\.254\.)/i;

/** Returns none if the system call fails: some sandboxes forbid it. */
export function machineInterfaces(ask: () => Interfaces = networkInterfaces): Interfaces {
  try {
    return ask();
  } catch {
    return {};
  }
}

/** Returns the addresses to announce. @param chosen names of interfaces or addresses; empty: all of them */
export function candidateAddresses(found: Interfaces, chosen: readonly string[]): string[] {
  const own = chosenAddresses(found, chosen);
  const local = loopbackAddresses(found);
  return [...own.slice(0, limits.maxAddresses - local.length), ...local];
}

/** Returns the addresses of the chosen interfaces, IPv4 first, without loopback. */
export function chosenAddresses(found: Interfaces, chosen: readonly string[]): string[] {
  const addresses = entries(found).filter(({ name, internal, address }) => {
    if (internal || linkLocal.test(address)) return false;
    return chosen.length === 0 || chosen.includes(name) || chosen.includes(address);
  });
  const ofFamily = (family: string): string[] =>
    addresses.filter((each) => each.family === family).map(({ address }) => address);
  return [...new Set([...ofFamily("IPv4"), ...ofFamily("IPv6")])];
}

/** Returns every address of this machine. */
export function ownAddresses(found: Interfaces): ReadonlySet<string> {
  return new Set(entries(found).map(({ address }) => address));
}

function loopbackAddresses(found: Interfaces): string[] {
  const known = ownAddresses(found);
  return ["127.0.0.1", "::1"].filter((address) => known.has(address));
}

function entries(found: Interfaces): (NetworkInterfaceInfo & { readonly name: string })[] {
  return Object.entries(found).flatMap(([name, infos]) => (infos ?? []).map((info) => ({ ...info, name })));
}
