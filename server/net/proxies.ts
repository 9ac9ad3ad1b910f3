// The proxies that the operator named: addresses and networks whose connections must begin with a header that names the
// client. Other connections must not have one. A header is believed only if it can be true.

import { BlockList, isIP } from "node:net";
import type { Socket } from "node:net";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import { readAhead } from "../../base/files/read-ahead.ts";
import { canonicalIp } from "../../protocol/ip/canonical-ip.ts";
import { readProxyHeader } from "./proxy-header.ts";

export class ProxyList {
  readonly #addresses = new BlockList();

  /** @param networks in the form that `isNetwork` accepts */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const { address, family, prefix } = parse(network) ?? {};
      if (address !== undefined && family !== undefined && prefix !== undefined) {
        this.#addresses.addSubnet(address, prefix, family);
      }
    }
  }

  /** @param address in canonical form */
  includes(address: string): boolean {
    const [bare = ""] = address.split("%");
    return isIP(bare) !== 0 && this.#addresses.check(bare, isIP(bare) === 4 ? "ipv4" : "ipv6");
  }
}

/** Whether the text is an address, or a network such as `10.0.0.0/8` or `fd00::/8`. */
export function isNetwork(text: string): boolean {
  return parse(text) !== undefined;
}

/**
 * Reads and removes the header of a connection from a proxy.
 * @param proxy the proxy's own address, in canonical form
 * @param done receives the address of the client behind it, or why the header is not believed; the socket is paused
 */
export function awaitProxyHeader(
  socket: Socket,
  proxy: string,
  done: (header: { readonly address: string } | { readonly refused: string }) => void,
): void {
  type Outcome = Parameters<typeof done>[0];
  readAhead<Outcome>(
    socket,
    (bytes) => {
      const header = readProxyHeader(bytes);
      switch (header.kind) {
        case "incomplete":
          return undefined;
        case "bad":
          return { found: { refused: header.reason }, taken: 0 };
        case "local":
          return { found: { address: proxy }, taken: header.bytes };
        case "proxied":
          return { found: believed(header.address, proxy), taken: header.bytes };
      }
    },
    done,
  );
}

/** A loopback address as the proxy sees it is not one of this machine, unless the proxy is on this machine. */
function believed(address: string, proxy: string): { readonly address: string } | { readonly refused: string } {
  if (isNobody(address)) return { refused: `${address} is not an address that connects` };
  if (isLoopback(address) && !isLoopback(proxy))
    return { refused: `${address} is a loopback address of another machine` };
  return { address };
}

/** Whether the address is unspecified or multicast. */
function isNobody(address: string): boolean {
  return address === "::" || /^0\.|^(?:22[4-9]|2[34]\d|25[0-5])\.|^ff[0-9a-f]{2}:/.test(address);
}

function parse(
  text: string,
): { readonly address: string; readonly family: "ipv4" | "ipv6"; readonly prefix: number } | undefined {
  const [given = "", length, ...more] = text.split("/");
  const address = canonicalIp(given);
  if (address === undefined || more.length > 0 || given.includes("%")) return undefined;
  const [family, maxPrefix] = isIP(address) === 4 ? (["ipv4", 32] as const) : (["ipv6", 128] as const);
  if (length === undefined) return { address, family, prefix: maxPrefix };
  // The prefix of a mapped address counts from the beginning of the IPv6 address.
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) - (given.includes(":") && family === "ipv4" ? 96 : 0) : -1;
  return prefix >= 0 && prefix <= maxPrefix ? { address, family, prefix } : undefined;
}
