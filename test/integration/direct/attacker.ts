// What an attacker's own clients do at a listener: connect by plain JSON or TLS, with any certificate or none, and send
// anything. Everything ends within seconds; what was answered is what counts.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { ownIdentity } from "../../../base/tls/identity.ts";
import type { TlsIdentity } from "../../../base/tls/identity.ts";
import { LineClient } from "../../support/line-client.ts";
import type { Line } from "../../support/line-client.ts";

/** A key that nobody has seen before. */
export async function strangersIdentity(): Promise<TlsIdentity> {
  const folder = mkdtempSync(join(tmpdir(), "chat-room-stranger-"));
  const identity = await ownIdentity(folder, "chat-room device", Date.now());
  rmSync(folder, { recursive: true });
  return identity;
}

export async function overTls(
  port: number,
  identity?: TlsIdentity,
  options: ConnectionOptions = {},
): Promise<LineClient> {
  return await LineClient.openTls(port, {
    ...(identity && { key: identity.key, cert: identity.certificate }),
    ...{ minVersion: "TLSv1.3", allowHalfOpen: true },
    ...options,
  });
}

/** @returns the answer; undefined where the connection was closed instead */
export async function provoke(client: LineClient, request: object): Promise<Line | undefined> {
  return await client.ask(request).catch(() => undefined);
}

/** Opens a connection that may be refused. @returns undefined where it was */
export async function tryOpen(open: () => Promise<LineClient>): Promise<LineClient | undefined> {
  try {
    const client = await open();
    // A TLS client is connected before the other end has judged its certificate.
    await new Promise((resolve) => setImmediate(resolve));
    return client;
  } catch {
    return undefined;
  }
}

export function isYes(answer: Line | undefined): boolean {
  return answer?.["result"] === "ok";
}

let count = 0;

/** Everything but `request` that a peer may send, in the name of `from`. */
export function forgeries(from: unknown, to: string): object[] {
  count += 1;
  return [
    { type: "message", from, to, msg: `forged ${count}`, mid: `forged-${count}`, ts: 1 },
    { type: "message", from, to, msg: `forged ${count}` },
    { type: "message", from, to, msg: `forged ${count}`, mid: `forged-b${count}`, broadcast: true },
    { type: "signal", from, to, kind: "typing" },
    { type: "offline", from },
    { type: "close", from },
  ];
}

/** `kill` as the seed prints it, and as somebody might who tries everything. */
export const kills: readonly object[] = [
  { type: "kill", reason: "you have logged in at another place." },
  { type: "kill", from: "server", reason: "you have logged in at another place." },
  { type: "kill" },
];
