// At which addresses this machine may be reached: those of its interfaces, as far as the person chose them. An address
// that means something on one machine or one cable only (link-local) is none; loopback comes last, for two daemons on one
// machine.

import { networkInterfaces } from "node:os";
import type { NetworkInterfaceInfo } from "node:os";
import { limits } from "../../protocol/limits.ts";

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const linkLocal = /^(fe[89ab][0-9a-f]:|169\.254\.)/i;

/** None where the system does not tell: some sandboxes forbid the question. */
export function machineInterfaces(ask: () => Interfaces = networkInterfaces): Interfaces {
  try {
    return ask();
  } catch {
    return {};
  }
}

/** @param chosen names of interfaces or addresses; empty: all of them */
export function candidateAddresses(found: Interfaces, chosen: readonly string[]): string[] {
  const own = chosenAddresses(found, chosen);
  const local = loopbackAddresses(found);
  return [...own.slice(0, limits.maxAddresses - local.length), ...local];
}

/** The addresses of the chosen interfaces, IPv4 first; loopback is not among them. */
export function chosenAddresses(found: Interfaces, chosen: readonly string[]): string[] {
  const addresses = entries(found).filter(({ name, internal, address }) => {
    if (internal || linkLocal.test(address)) return false;
    return chosen.length === 0 || chosen.includes(name) || chosen.includes(address);
  });
  const ofFamily = (family: string): string[] =>
    addresses.filter((each) => each.family === family).map(({ address }) => address);
  return [...new Set([...ofFamily("IPv4"), ...ofFamily("IPv6")])];
}

/** Every address that is this machine itself. */
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
