// Where a server is, as a person writes it: `host`, `host:port`, `[::1]:port`, or the `chat://host:port#pin` it printed.

import { canonicalIp } from "./ip/canonical-ip.ts";

export const defaultPort = 8765;
/** One on this machine. */
export const defaultServer = `127.0.0.1:${defaultPort}`;

/** Each part is read separately, so that the caller can say which one is wrong. */
export interface AddressParts {
  /** An IP address in its one spelling, without brackets, or a name in lower case; undefined: that is no address. */
  readonly host: string | undefined;
  /** As it stands there: it may be no port. */
  readonly port: number;
  /** What stands behind the `#`: it may be no pin. */
  readonly pin: string | undefined;
}

export function readAddressParts(given: string): AddressParts {
  const [rest = "", ...fragment] = given
    .trim()
    .replace(/^chat:\/\//i, "")
    .split("#");
  const found = /^(?:\[([^\s\]]+)\]|([^\s:/[\]@?]+))(?::(\d{1,5}))?$/.exec(rest.replace(/\/$/, ""));
  return {
    host: found?.[1] === undefined ? hostOf(found?.[2]) : ipv6Of(found[1]),
    port: found?.[3] === undefined ? defaultPort : Number(found[3]),
    pin: fragment.length > 0 ? fragment.join("#") : undefined,
  };
}

export function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

/** @param host a name or an IP address without brackets */
export function hostAndPort(host: string, port: number): string {
  return `${bracketed(host)}:${port}`;
}

/** As it stands in an address: an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** An IPv4 address, or a name. */
function hostOf(given: string | undefined): string | undefined {
  return given === undefined ? undefined : (canonicalIp(given) ?? given.toLowerCase());
}

/** @param given what stands between brackets; in front of a zone an address of RFC 6874 has `%25` */
function ipv6Of(given: string): string | undefined {
  return canonicalIp(given.replace(/%25(?=[A-Za-z])/, "%"));
}
