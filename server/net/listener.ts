// The listening socket: takes connections, tells by their first byte how to serve them, and knows all that are open so that
// the server can end. TLS is another wire of first-byte.ts.

import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Link, LinkEvents } from "../core/ports.ts";
import { awaitFirstByte } from "./first-byte.ts";
import { SocketLink } from "./link.ts";

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Takes no new connection; those that said nothing yet are closed. */
  stop(): void;
  /** Fulfilled once every connection is closed; those that are not after `graceMs` are cut. */
  ended(graceMs: number): Promise<void>;
}

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  connect(link: Link, openedMs: number): LinkEvents;
}

/** @throws what the system says, such as EADDRINUSE */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const { clock } = options;
  const open = new Set<Socket>();
  const silent = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const openedMs = clock.monotonicMs();
    open.add(socket);
    silent.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      silent.delete(socket);
    });
    awaitFirstByte(socket, clock, (wire) => {
      silent.delete(socket);
      if (wire === "json") serve(socket, openedMs);
      else socket.destroy();
    });
  });
  const serve = (socket: Socket, openedMs: number) => {
    new SocketLink(socket, clock, (link) => options.connect(link, openedMs));
    socket.resume();
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { address, port } = server.address() as AddressInfo;
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  return {
    address,
    port,
    stop() {
      server.close();
      for (const socket of silent) socket.destroy();
    },
    async ended(graceMs) {
      const cut = clock.setTimer(graceMs, () => {
        for (const socket of open) socket.destroy();
      });
      await closed;
      cut.dispose();
    },
  };
}
