// For tests: whoever took a server's place.

import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import { pinOfPeer } from "../../../base/tls/certificate-pin.ts";
import { makeCertificate } from "../../support/certificates.ts";

/** Stands where the server was, with a key of its own, and writes down all that it is sent. */
export class Attacker {
  static readonly #running: Attacker[] = [];
  readonly heard: Buffer[] = [];
  /** Of those who finished the handshake and stayed until it was seen here. */
  readonly keys: (string | undefined)[] = [];
  connections = 0;
  pin = "";
  port = 0;
  #stop: () => void = () => undefined;

  static async start(port = 0, host = "127.0.0.1"): Promise<Attacker> {
    const { key, certificate, pin } = await makeCertificate();
    const attacker = new Attacker();
    const sockets = new Set<Socket>();
    const server = createServer({ key, cert: certificate, requestCert: true, rejectUnauthorized: false });
    server.on("secureConnection", (socket: TLSSocket) => {
      attacker.keys.push(pinOfPeer(socket));
      socket
        .on("error", () => undefined)
        .on("data", (bytes: Buffer) => {
          attacker.heard.push(bytes);
          socket.destroy();
        });
    });
    server.on("connection", (socket: Socket) => {
      attacker.connections += 1;
      sockets.add(socket.on("error", () => undefined));
    });
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    attacker.#stop = () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    Attacker.#running.push(attacker);
    attacker.pin = pin;
    attacker.port = (server.address() as AddressInfo).port;
    return attacker;
  }

  static stopAll(): void {
    for (const attacker of Attacker.#running.splice(0)) attacker.stop();
  }

  /** Idempotent. */
  stop(): void {
    this.#stop();
  }
}
