// The server that a person means, or a sentence that says what is wrong with what they wrote.

import { samePin } from "../../base/tls/certificate-pin.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { defaultPort, hostAndPort, isPort, readAddressParts } from "../../protocol/server-address.ts";

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** The canonical spelling without the pin: the account's `server`. */
  readonly text: string;
  /** The key that it must have. */
  readonly pin: Pin | undefined;
}

/** @returns the address, or a sentence that says what is wrong */
export function parseServerAddress(given: string): ServerAddress | string {
  const { host, port, pin } = readAddressParts(given);
  // Ignoring it would connect to any server that answers, which is what a pin is there to prevent.
  if (pin !== undefined && !isPin(pin)) {
    return "What stands behind the # is not a pin of 43 letters, digits, - and _. Copy the whole address again.";
  }
  if (host === undefined || !isPort(port)) {
    return `"${given.trim().slice(0, 100)}" is not a server address. Write it as host:port, for example 127.0.0.1:${defaultPort}.`;
  }
  return { host, port, text: hostAndPort(host, port), pin };
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
