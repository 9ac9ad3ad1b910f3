// The sockets at which peers are taken: the first byte tells TLS from plain JSON [P-1.4]. Hands out connections that said
// how they speak and, by TLS, proved a key; what is silent, anonymous or speaks something else is closed. Decides nothing
// about whose key it is.

import type { Server, Socket } from "node:net";
import { createAcceptor, listenAt, remoteIp, serveByFirstByte } from "../../base/accept/accept.ts";
import { createTlsWire } from "../../base/accept/tls-wire.ts";
import type { TlsWire } from "../../base/accept/tls-wire.ts";
import type { Clock } from "../../base/clock.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { failure } from "../../protocol/errors.ts";
import { encodeFrame } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";
import { refusalAnswer } from "../../protocol/wire/envelope.ts";
import type { Pin } from "../../protocol/pin.ts";
import { groupOf } from "./denials.ts";
import { plainIsLocal } from "./direct-errors.ts";

export interface PeerCaller {
  /** Nothing of it was read yet. */
  readonly socket: Socket;
  /** Of the key that it proved; undefined for plain JSON, which comes from this machine only. */
  readonly pin: Pin | undefined;
  readonly ip: string;
  readonly port: number;
  /** It has sent a whole frame: what it waits for now is this end's. */
  heard(): void;
  /** It was admitted, or is no caller any more: its place among those who wait is free. */
  settled(): void;
}

export interface ListenerOptions {
  /** Addresses to listen at; empty: all of the machine. */
  readonly hosts: readonly string[];
  /** 0: any free one, the same at all addresses. */
  readonly port: number;
  readonly identity: TlsIdentity;
  readonly clock: Clock;
  onCaller(caller: PeerCaller): void;
}

/** Callers that were not admitted yet, of all and of one address. */
const maxWaiting = 32;
const maxWaitingOfOne = 8;
interface Waiting {
  /** The address, or the network of an IPv6 address. */
  readonly group: string;
  /** It has sent a whole frame. */
  heard: boolean;
}

const plainRefusal = encodeFrame(refusalAnswer(undefined, failure("bad_request", plainIsLocal), "reason"));

/** Longer than a person may take to answer. */
const waitingMs = limits.consentMs + limits.authenticationMs;

export class PeerListener {
  readonly #options: ListenerOptions;
  readonly #servers: Server[] = [];
  readonly #waiting = new Map<Socket, Waiting>();
  #port = 0;

  private constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** @throws what the system says, such as EADDRINUSE */
  static async open(options: ListenerOptions): Promise<PeerListener> {
    const listener = new PeerListener(options);
    try {
      await listener.#listen();
      return listener;
    } catch (error) {
      listener.dispose();
      throw error;
    }
  }

  get port(): number {
    return this.#port;
  }

  /** Links that stand are not touched. Idempotent. */
  dispose(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#waiting.keys()) socket.destroy();
  }

  async #listen(): Promise<void> {
    const { hosts, port } = this.#options;
    this.#port = port;
    if (hosts.length === 0) {
      try {
        await this.#listenAt("::");
      } catch (error) {
        // A machine without IPv6.
        if (!hasCode(error, "EAFNOSUPPORT", "EADDRNOTAVAIL")) throw error;
        await this.#listenAt("0.0.0.0");
      }
      return;
    }
    for (const host of hosts) await this.#listenAt(host);
  }

  async #listenAt(host: string): Promise<void> {
    const tls = createTlsWire(this.#options.identity);
    const server = createAcceptor((socket) => this.#accept(socket, tls));
    const { port } = await listenAt(server, { port: this.#port, host });
    this.#servers.push(server);
    this.#port = port;
  }

  #accept(socket: Socket, tls: TlsWire): void {
    const { clock } = this.#options;
    const ip = remoteIp(socket);
    const waiting: Waiting = { group: groupOf(ip ?? ""), heard: false };
    if (ip === undefined || !this.#makesRoomFor(waiting)) {
      socket.destroy();
      return;
    }
    this.#waiting.set(socket, waiting);
    const silence = clock.setTimer(limits.authenticationMs, () => socket.destroy());
    const patience = clock.setTimer(waitingMs, () => socket.destroy());
    const settled = (): void => {
      silence.dispose();
      patience.dispose();
      this.#waiting.delete(socket);
    };
    socket.once("close", settled);
    const hand = (spoken: Socket, pin: Pin | undefined): void => {
      const heard = (): void => {
        waiting.heard = true;
        silence.dispose();
      };
      this.#options.onCaller({ socket: spoken, pin, ip, port: socket.remotePort ?? 0, heard, settled });
      spoken.resume();
    };
    serveByFirstByte(socket, {
      tls,
      anonymous: false,
      plainRefusal: isLoopback(ip) ? undefined : plainRefusal,
      serve: (spoken, _secure, pin) => hand(spoken, pin),
    });
  }

  /** If a few addresses fill the places with silent connections, drops one of them for a caller from another address. */
  #makesRoomFor({ group }: Waiting): boolean {
    const byGroup = Map.groupBy(this.#waiting, ([, each]) => each.group);
    const alike = byGroup.get(group)?.length ?? 0;
    if (alike >= maxWaitingOfOne) return false;
    if (this.#waiting.size < maxWaiting) return true;
    const [most = []] = [...byGroup.values()].sort((a, b) => b.length - a.length);
    const silent = most.length > alike + 1 ? most.find(([, each]) => !each.heard) : undefined;
    if (silent === undefined) return false;
    this.#waiting.delete(silent[0]);
    silent[0].destroy();
    return true;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
