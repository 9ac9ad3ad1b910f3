// Dials a peer at several addresses. The attempts start one after the other in short steps and race; the first peer that
// proves the right key wins. The others get nothing but the handshake.

import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import type { Clock, Timer } from "../../base/clock.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { pinOfPeer, samePin } from "../../base/tls/certificate-pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { hostAndPort } from "../../protocol/server-address.ts";

export interface DialAddress {
  readonly ip: string;
  readonly port: number;
}

export interface Reached {
  readonly socket: TLSSocket;
  readonly place: DialAddress;
}

export interface DialOptions {
  readonly clock: Clock;
  readonly identity: TlsIdentity;
  /** The key that the peer must prove. */
  readonly pin: Pin;
  /** Most likely first. */
  readonly places: readonly DialAddress[];
}

const staggerMs = 200;
const deadlineMs = 5_000;

/** @returns undefined if no address answered in time with that key */
export async function dial(options: DialOptions): Promise<Reached | undefined> {
  return await new Promise((resolve) => new Race(options, resolve).advance());
}

export function textOf({ ip, port }: DialAddress): string {
  return hostAndPort(ip, port);
}

class Race {
  readonly #options: DialOptions;
  readonly #settle: (reached: Reached | undefined) => void;
  readonly #running = new Set<TLSSocket>();
  readonly #deadline: Timer;
  #stagger: Timer | undefined;
  #next = 0;
  #over = false;

  constructor(options: DialOptions, settle: (reached: Reached | undefined) => void) {
    this.#options = options;
    this.#settle = settle;
    this.#deadline = options.clock.setTimer(deadlineMs, () => this.#finish(undefined));
  }

  /** Starts the next attempt. Earlier attempts continue. */
  advance(): void {
    this.#stagger?.dispose();
    if (this.#over) return;
    const place = this.#options.places[this.#next++];
    if (place) {
      this.#attempt(place);
      this.#stagger = this.#options.clock.setTimer(staggerMs, () => this.advance());
    } else if (this.#running.size === 0) {
      this.#finish(undefined);
    }
  }

  #attempt(place: DialAddress): void {
    const { identity, pin } = this.#options;
    const socket = connect({
      ...{ host: place.ip, port: place.port, key: identity.key, cert: identity.certificate },
      ...{ minVersion: "TLSv1.3", rejectUnauthorized: false },
    });
    this.#running.add(socket);
    socket.on("error", () => undefined);
    socket.once("secureConnect", () => {
      const shown = pinOfPeer(socket);
      if (this.#over || shown === undefined || !samePin(shown, pin)) socket.destroy();
      else this.#finish({ socket, place });
    });
    socket.once("close", () => {
      this.#running.delete(socket);
      this.advance();
    });
  }

  #finish(reached: Reached | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#deadline.dispose();
    this.#stagger?.dispose();
    for (const socket of this.#running) if (socket !== reached?.socket) socket.destroy();
    reached?.socket.setNoDelay(true);
    this.#settle(reached);
  }
}
