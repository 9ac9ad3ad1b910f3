// Listeners that are not who they should be: what an attacker puts at the addresses that two people were told. Each
// remembers what was said to it after the handshake, which has to be nothing.

import { once } from "node:events";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { TlsOptions } from "node:tls";
import type { TlsIdentity } from "../../../base/tls/identity.ts";

export interface Impostor {
  readonly name: string;
  readonly port: number;
  /** Connections that came. */
  readonly calls: number;
  /** What was said to it, without the handshake. */
  readonly heard: string;
  dispose(): void;
}

/** Ends TLS with that key. Without a key of the peer's own it admits too. */
export async function tlsImpostor(name: string, options: TlsOptions & Partial<TlsIdentity>): Promise<Impostor> {
  const { certificate, ...rest } = options;
  const server = createTlsServer({
    ...{ requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.3" },
    ...(certificate !== undefined && { cert: certificate }),
    ...rest,
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return await impostor(name, server, "secureConnection", (socket) => socket.write(yeses));
}

/** Speaks something else than TLS. */
export async function tcpImpostor(name: string, greet: (socket: Socket) => void): Promise<Impostor> {
  // A ClientHello says nothing that a passer-by would not see.
  const server = createTcpServer();
  return await impostor(name, server, "connection", greet, (chunk) => (chunk[0] === 0x16 ? "" : chunk.toString()));
}

/** What a TLS server of the attacker's and a peer's address answer to whatever is asked. */
const yeses = Array.from({ length: 20 }, (_, id) => `{"id":${id},"result":"ok"}\n`).join("") + '{"result":"ok"}\n';

async function impostor(
  name: string,
  server: Server,
  event: "connection" | "secureConnection",
  greet: (socket: Socket) => void,
  said: (chunk: Buffer) => string = (chunk) => chunk.toString(),
): Promise<Impostor> {
  const sockets = new Set<Socket>();
  const told = { calls: 0, heard: "" };
  server.on("connection", (socket: Socket) => {
    told.calls += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on(event, (socket: Socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => (told.heard += said(chunk)));
    greet(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    ...{ name, port },
    get calls() {
      return told.calls;
    },
    get heard() {
      return told.heard;
    },
    dispose() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
