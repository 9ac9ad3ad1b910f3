// A TLS server for tests that makes any statement about its keys, and records its requests.

import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createInterface } from "node:readline";
import { createServer } from "node:tls";
import type { Server } from "node:tls";
import type { TlsIdentity } from "../../../../base/tls/identity.ts";
import { parseServerAddress } from "../../../../daemon/connection/server-address.ts";
import type { ServerAddress } from "../../../../daemon/connection/server-address.ts";

export class KeyServer {
  readonly heard: string[] = [];
  /** The answer to `pins`, without its id; undefined: none. */
  pins: object | undefined = { result: "ok", pins: [] };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor({ key, certificate }: TlsIdentity) {
    this.#server = createServer({ key, cert: certificate, minVersion: "TLSv1.3" }, (socket) => {
      this.#sockets.add(socket.on("error", () => undefined));
      const lines = createInterface(socket).on("error", () => undefined);
      lines.on("line", (line) => {
        this.heard.push(line);
        const { type, id } = JSON.parse(line) as { type: string; id: number };
        const answer = type === "pins" ? this.pins : { result: "ok" };
        if (answer) socket.write(`${JSON.stringify({ id, ...answer })}\n`);
      });
    });
  }

  /** @param at the address of a server that has ended, for another key at the same address */
  static async start(identity: TlsIdentity, at?: ServerAddress): Promise<KeyServer> {
    const made = new KeyServer(identity);
    made.#server.listen(at?.port ?? 0, "127.0.0.1");
    await once(made.#server, "listening");
    return made;
  }

  get address(): ServerAddress {
    const { port } = this.#server.address() as AddressInfo;
    const address = parseServerAddress(`127.0.0.1:${port}`);
    if (typeof address === "string") throw new Error(address);
    return address;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
