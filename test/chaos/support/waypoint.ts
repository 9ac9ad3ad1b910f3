// Sits between a daemon and its server and passes everything on, except what a test changes: above all the address of the
// daemon's listener, so that peers who dial it reach a proxy. It shows the server the daemon's own key, taken from the
// daemon's home; only a test can do that.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import type { Server, TLSSocket } from "node:tls";
import { ownIdentity } from "../../../base/tls/identity.ts";
import type { TlsIdentity } from "../../../base/tls/identity.ts";

export type Line = Record<string, unknown>;
/** Returns the line to pass on in place of that one. */
export type Rewrite = (line: Line) => Line;

export interface WaypointOptions {
  /** Where the server is now. */
  readonly server: () => number;
  /** The daemon's identity. */
  readonly identity: () => TlsIdentity;
}

export class Waypoint {
  readonly port: number;
  /** From the daemon to the server, and back. */
  up: Rewrite = (line) => line;
  down: Rewrite = (line) => line;
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();

  private constructor(server: Server, options: WaypointOptions) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    server.on("secureConnection", (socket) => this.#join(socket, options));
  }

  static async open(options: WaypointOptions): Promise<Waypoint> {
    const folder = mkdtempSync(join(tmpdir(), "chat-room-waypoint-"));
    const { key, certificate } = await ownIdentity(folder, "waypoint", Date.now());
    rmSync(folder, { recursive: true });
    const server = createServer({ key, cert: certificate, minVersion: "TLSv1.3" }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Waypoint(server, options);
  }

  /** Both ends see the connection end. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async dispose(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, "close");
  }

  #join(daemon: TLSSocket, { server, identity }: WaypointOptions): void {
    const { key, certificate } = identity();
    const far = connect({ host: "127.0.0.1", port: server(), key, cert: certificate, rejectUnauthorized: false });
    this.#pass(daemon, far, (line) => this.up(line));
    this.#pass(far, daemon, (line) => this.down(line));
  }

  #pass(from: TLSSocket, to: TLSSocket, rewrite: Rewrite): void {
    this.#sockets.add(from);
    let rest = "";
    from.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) to.write(`${JSON.stringify(rewrite(JSON.parse(line) as Line))}\n`);
    });
    from.on("error", () => undefined);
    from.on("end", () => to.end());
    from.once("close", () => {
      this.#sockets.delete(from);
      to.destroySoon();
    });
  }
}

/** Rewrites `auth` so that the listener is at `port` of this machine and nowhere else. */
export function announcing(port: number, found: (real: number) => void): Rewrite {
  return (line) => {
    const real = Number(line["port"]);
    if (line["type"] !== "auth" || !(real > 0)) return line;
    found(real);
    return { ...line, port, addresses: ["127.0.0.1"] };
  };
}
