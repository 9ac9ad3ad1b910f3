// The address that people enter, `chat://HOST:PORT#PIN`. A running server leaves its address in the data folder,
// so that `invite create` can make whole links beside it.

import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { hostAndPort } from "../../protocol/server-address.ts";

export interface ServedAt {
  /** As the system formats it: IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  readonly pin: string;
}

const fileName = "address";
const wildcards: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
/** Placeholder for a host that the server does not know. */
const unknownHost = "*";

export function chatAddress({ address, port, pin }: ServedAt): string {
  return `chat://${hostAndPort(address, port)}#${pin}`;
}

/**
 * Writes the address for `readChatAddress`. A server that listens on all addresses is named by its machine.
 * @param contained whether it runs in a container, whose host name means nothing to others
 */
export function writeAddressFile(folder: string, at: ServedAt, contained: boolean): void {
  const everywhere = contained ? unknownHost : hostname();
  const address = wildcards.has(at.address) ? everywhere : at.address;
  writeFileSync(join(folder, fileName), `${chatAddress({ ...at, address })}\n`, { mode: 0o600 });
}

/** @returns undefined if no server ever ran, or if it does not know how others reach it: see `addressAdvice` */
export function readChatAddress(folder: string): string | undefined {
  const left = read(folder);
  return left?.startsWith(`chat://${unknownHost}:`) === true ? undefined : left;
}

/** Advice for an operator whose links need an address that only the operator knows. */
export function addressAdvice(folder: string): string {
  const left = read(folder)?.replace(unknownHost, "NAME") ?? "chat://NAME:8765#PIN";
  return (
    `The server does not know how others reach it. Put the name or address that they use in the place of NAME, and make ` +
    `the invitation with: --server '${left}'`
  );
}

function read(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, fileName), "utf8").trim();
  } catch {
    return undefined;
  }
}
