// The address that people enter, `chat://HOST:PORT#PIN`, and the link that enters it for them together with an invitation.
// A running server leaves its address in the data folder, so that `invite create` can make whole links beside it.

import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { hostAndPort } from "../../protocol/server-address.ts";

export interface ServedAt {
  /** As the system names it, IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  readonly pin: string;
}

const fileName = "address";
const wildcards: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
/** Stands for a host that the server does not know. */
const unknownHost = "*";

export function chatAddress({ address, port, pin }: ServedAt): string {
  return `chat://${hostAndPort(address, port)}#${pin}`;
}

/** Opens VS Code and fills in everything but name and password. */
export function joinLink(address: string, invite: string): string {
  const query = `server=${encodeURIComponent(address)}&invite=${encodeURIComponent(invite)}`;
  return `vscode://chat-room.chat-room/join?${query}`;
}

/**
 * For `readChatAddress`. A server that listens everywhere is named as its machine.
 * @param contained it runs in a container: the name of that means nothing to others
 */
export function writeAddressFile(folder: string, at: ServedAt, contained: boolean): void {
  const everywhere = contained ? unknownHost : hostname();
  const address = wildcards.has(at.address) ? everywhere : at.address;
  writeFileSync(join(folder, fileName), `${chatAddress({ ...at, address })}\n`, { mode: 0o600 });
}

/** @returns undefined where no server ever ran, or it does not know how others reach it: see `addressAdvice` */
export function readChatAddress(folder: string): string | undefined {
  const left = read(folder);
  return left?.startsWith(`chat://${unknownHost}:`) === true ? undefined : left;
}

/** What to tell an operator whose links need an address that only they know. */
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
