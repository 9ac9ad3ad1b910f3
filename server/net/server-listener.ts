// The listening socket: takes connections, finds out whose they are and how they want to be served, and knows all that are open
// so that the server can end. What is not served after 10 s, because it says nothing or does not finish its handshake, is
// closed.

import type { Server, Socket } from "node:net";
import { createAcceptor, listenAt } from "../../base/accept/accept.ts";
import { createTlsWire } from "../../base/accept/tls-wire.ts";
import type { Timer } from "../../base/clock.ts";
import { RecurringEvent } from "../../base/recurring-event.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { limits } from "../../protocol/limits.ts";
import { createArrivals } from "./arrivals.ts";
import type { ArrivalOptions } from "./arrivals.ts";

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Later handshakes show this key; open connections stay. */
  show(identity: TlsIdentity): void;
  /** Takes no new connection; those that said nothing yet are closed. */
  stop(): void;
  /** Fulfilled once every connection is closed; those that are not after `graceMs` are cut. */
  ended(graceMs: number): Promise<void>;
}

export interface ListenerOptions extends ArrivalOptions {
  readonly host: string;
  readonly port: number;
  readonly identity: TlsIdentity;
  /** For so many there are descriptors; undefined: that is not known. */
  readonly maxConnections: number | undefined;
}

/**
 * Connections that wait to be taken: everybody comes back at once after a restart. Beyond them the system drops what a client
 * takes for a connection. As many as Linux allows without a setting of its own.
 */
const backlog = 4_096;

/** @throws what the system says, such as EADDRINUSE */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const { clock } = options;
  const tls = createTlsWire(options.identity);
  const arrive = createArrivals(options, tls);
  const open = new Set<Socket>();
  const unserved = new Set<Socket>();
  const server = createAcceptor((socket) => {
    const openedMs = clock.monotonicMs();
    let deadline: Timer | undefined = clock.setTimer(limits.authenticationMs, () => socket.destroy());
    const settle = () => {
      deadline?.dispose();
      // Not kept for as long as the connection lasts.
      deadline = undefined;
      unserved.delete(socket);
    };
    open.add(socket);
    unserved.add(socket);
    socket.once("close", () => {
      settle();
      open.delete(socket);
    });
    arrive(socket, openedMs, settle);
  });
  const { address, port } = await listenAt(server, { port: options.port, host: options.host, backlog });
  countDropped(server, options);
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  return {
    address,
    port,
    show: (identity) => tls.show(identity),
    stop() {
      server.close();
      for (const socket of unserved) socket.destroy();
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

/** Connections for which there is no descriptor: those that Node closes at once, and those that the system does not give. */
function countDropped(server: Server, { clock, log, maxConnections, counters }: ListenerOptions): void {
  const dropped = new RecurringEvent(clock, (why, count) => {
    log.error("connections_dropped", { why, count, max: maxConnections });
  });
  const note = (why: string): void => {
    counters.droppedConnections += 1;
    dropped.note(why);
  };
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  server.on("drop", () => note("descriptors"));
  server.on("error", (error) => note("code" in error ? String(error.code) : error.message));
}
