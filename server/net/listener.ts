// The listening socket: takes connections, tells by their first byte how to serve them, and knows all that are open so that
// the server can end. What is not served after 10 s, because it says nothing or does not finish its handshake, is closed.

import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { awaitFirstByte } from "../../base/first-byte.ts";
import { isLoopback } from "../../base/loopback.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { createTlsWire } from "../../base/tls/wire.ts";
import { limits } from "../../protocol/limits.ts";
import type { Link, LinkEvents } from "../core/ports.ts";
import { Admission, turnAway } from "./admission.ts";
import type { ConnectionLimits } from "./admission.ts";
import { SocketLink } from "./link.ts";
import { refusePlain } from "./refuse-plain.ts";

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

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly identity: TlsIdentity;
  /** Plain JSON from other machines too [P-1.8]. */
  readonly plain: boolean;
  readonly limits: ConnectionLimits;
  connect(link: Link, openedMs: number): LinkEvents;
}

/**
 * Connections that wait to be taken: everybody comes back at once after a restart. Beyond them the system drops what a client
 * takes for a connection. As many as Linux allows without a setting of its own.
 */
const backlog = 4_096;

/** @throws what the system says, such as EADDRINUSE */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const { clock } = options;
  const admission = new Admission(options.limits, clock);
  const tls = createTlsWire(options.identity);
  const open = new Set<Socket>();
  const unserved = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) {
      // It left before it was taken; what it sent could still be read, and would come from no address.
      socket.destroy();
      return;
    }
    const leave = admission.admit(remoteAddress);
    if (!leave) {
      turnAway(socket);
      return;
    }
    const openedMs = clock.monotonicMs();
    const deadline = clock.setTimer(limits.authenticationMs, () => socket.destroy());
    const settle = () => {
      deadline.dispose();
      unserved.delete(socket);
    };
    const serve = (served: Socket, peerKey?: string) => {
      settle();
      new SocketLink(served, clock, (link) => options.connect(link, openedMs), peerKey);
      served.resume();
    };
    open.add(socket);
    unserved.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      settle();
      leave();
      open.delete(socket);
    });
    awaitFirstByte(socket, (wire) => {
      if (wire === "tls") {
        tls.shake(socket, (secure, peerKey) => {
          // Once more inside: an https request of a browser must not smuggle a line in either.
          awaitFirstByte(secure, (inner) => (inner === "json" ? serve(secure, peerKey) : secure.destroy()));
        });
      } else if (wire === "unknown") socket.destroy();
      else if (options.plain || isLoopback(remoteAddress)) serve(socket);
      else refusePlain(socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, host: options.host, backlog }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // Later errors of the listening socket (too many open files) concern one client, which tries again.
  server.on("error", () => undefined);
  const { address, port } = server.address() as AddressInfo;
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
