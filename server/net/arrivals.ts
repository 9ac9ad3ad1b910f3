// One connection from its first byte to the core: from whom it comes (a proxy says it), whether its address may have one more,
// and how it speaks (TLS or plain JSON, told by the first byte [P-1.4]). What does not do is refused here, and counted.

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { remoteIp, serveByFirstByte } from "../../base/accept/accept.ts";
import type { TlsWire } from "../../base/accept/tls-wire.ts";
import type { AddressTrust } from "../../protocol/ip/loopback.ts";
import { RecurringEvent } from "../../base/recurring-event.ts";
import { addressGroup } from "../core/limits/address-group.ts";
import type { Link, LinkEvents, Log } from "../core/ports.ts";
import { Admission } from "./admission.ts";
import type { Admitted, ConnectionLimits } from "./admission.ts";
import type { EdgeCounters } from "./edge-counters.ts";
import { SocketLink } from "./socket-link.ts";
import { LongLineBudget } from "./long-lines.ts";
import { awaitProxyHeader, ProxyList } from "./proxies.ts";
import { plainRefusal } from "./refuse-plain.ts";
import { Refusals } from "./refusals.ts";

export interface ArrivalOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Plain JSON from other machines too [P-1.8]. */
  readonly plain: boolean;
  /** Whether an address is of this machine. */
  readonly trusts: AddressTrust;
  readonly limits: ConnectionLimits;
  /** Addresses and networks whose connections begin with a PROXY header. */
  readonly proxies: readonly string[];
  readonly counters: EdgeCounters;
  connect(link: Link, openedMs: number): LinkEvents;
}

/** @param served called when the connection is the core's: the deadline for it is the core's as well */
export type Arrive = (socket: Socket, openedMs: number, served: () => void) => void;

export function createArrivals(options: ArrivalOptions, tls: TlsWire): Arrive {
  const { clock, log, trusts, counters } = options;
  const admission = new Admission(options.limits, clock, trusts);
  const refusals = new Refusals(tls, clock);
  const proxies = new ProxyList(options.proxies);
  const longLines = new LongLineBudget();
  const refused = new RecurringEvent(clock, (address, count) => {
    log.warn("connection_refused", { address, count });
  });
  const disbelieved = new RecurringEvent(clock, (proxy, count, reason) => {
    log.error("proxy_header_refused", { proxy, reason, count });
  });

  /** @param served as in `Arrive` */
  function admit(socket: Socket, address: string, openedMs: number, served: () => void): void {
    const admitted = admission.admit(address);
    if (!admitted) {
      counters.refusedConnections += 1;
      refused.note(addressGroup(address));
      refusals.refuse(socket, address);
      return;
    }
    socket.once("close", () => admitted.leave());
    serveByFirstByte(socket, {
      tls,
      anonymous: true,
      plainRefusal: options.plain || trusts(address) ? undefined : plainRefusal,
      serve(spoken, secure, peerKey) {
        served();
        serveLink(spoken, { address, secure, peerKey, openedMs, admitted });
      },
    });
  }

  function serveLink(socket: Socket, arrived: Arrived): void {
    const { address, secure, peerKey, openedMs, admitted } = arrived;
    new SocketLink(socket, {
      ...{ clock, address, secure, peerKey },
      longLines: longLines.holder(addressGroup(address)),
      onTrusted: (trusted) => admitted.setTrusted(trusted),
      connect: (link) => options.connect(link, openedMs),
    });
    socket.resume();
  }

  return (socket, openedMs, served) => {
    const from = remoteIp(socket);
    if (from === undefined) {
      // It left before it was taken; what it sent could still be read, and would come from no address.
      socket.destroy();
    } else if (proxies.includes(from)) {
      awaitProxyHeader(socket, from, (header) => {
        if ("address" in header) {
          admit(socket, header.address, openedMs, served);
          return;
        }
        disbelieved.note(from, header.refused);
        socket.destroy();
      });
    } else admit(socket, from, openedMs, served);
  };
}

interface Arrived {
  readonly address: string;
  readonly secure: boolean;
  readonly peerKey: string | undefined;
  readonly openedMs: number;
  readonly admitted: Admitted;
}
