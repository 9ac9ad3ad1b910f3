// The address of a server as a person writes it: `host`, `host:port`, `[::1]:port`, or the `chat://host:port#pin` it
// printed.

import { samePin } from "../../base/tls/pin.ts";
import { canonicalIp } from "../../protocol/ip/canonical-ip.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** The canonical spelling without the pin: the account's `server`. */
  readonly text: string;
  /** The key that it must have. */
  readonly pin: Pin | undefined;
}

export const defaultPort = 8765;

/** @returns the address, or a text that says what is wrong */
export function parseServerAddress(given: string): ServerAddress | string {
  const trimmed = given.trim();
  const scheme = /^chat:\/\//i.exec(trimmed)?.[0] ?? "";
  const [rest = "", ...fragment] = trimmed.slice(scheme.length).split("#");
  const pin = fragment.length > 0 ? fragment.join("#") : undefined;
  // Dropping it would connect without the check that the server's owner wants.
  if (pin !== undefined && !isPin(pin)) {
    return "What stands behind the # is not a pin of 43 letters, digits, - and _. Copy the whole address again.";
  }
  const found = /^(?:\[([^\s\]]+)\]|([^\s:/[\]@?]+))(?::(\d{1,5}))?$/.exec(rest.replace(/\/$/, ""));
  const host = found?.[1] === undefined ? hostOf(found?.[2]) : ipv6Of(found[1]);
  const port = found?.[3] === undefined ? defaultPort : Number(found[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    return `"${trimmed.slice(0, 100)}" is not a server address. Write it as host:port, for example 127.0.0.1:${defaultPort}.`;
  }
  return { host, port, text: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`, pin };
}

/** Returns an IPv4 address, or a name. */
function hostOf(given: string | undefined): string | undefined {
  return given === undefined ? undefined : (canonicalIp(given) ?? given.toLowerCase());
}

/** @param given the part between brackets; before a zone, an address of RFC 6874 has `%25` */
function ipv6Of(given: string): string | undefined {
  return canonicalIp(given.replace(/%25(?=[A-Za-z])/, "%"));
}

export interface Target {
  readonly address: ServerAddress;
  /** The key that it must have, from the address or given beside it. */
  readonly wanted: Pin | undefined;
}

/**
 * @param pin given beside the address
 * @returns a text if one of them is wrong, or if they name different keys
 */
export function parseTarget(given: string, pin: string | undefined): Target | string {
  const address = parseServerAddress(given);
  if (typeof address === "string") return address;
  if (pin === undefined) return { address, wanted: address.pin };
  if (!isPin(pin)) return "A pin has 43 letters, digits, - and _, without spaces. Copy it again.";
  if (address.pin !== undefined && !samePin(address.pin, pin))
    return "The address names another key than the pin does.";
  return { address, wanted: pin };
}
