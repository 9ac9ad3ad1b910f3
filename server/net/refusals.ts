// Tells connections beyond the limits of their address why they are refused [P-8.5]: in plain JSON, or inside TLS to
// clients that speak it, which would otherwise see a TLS error and take the server for something else. A handshake is the
// most expensive thing that a stranger can ask for, so only a few are told at a time; the others are closed at once. The
// caller sets the deadline.

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { awaitFirstByte } from "../../base/accept/first-byte.ts";
import { sayAndClose } from "../../base/accept/say-and-close.ts";
import type { TlsWire } from "../../base/accept/tls-wire.ts";
import { failure } from "../../protocol/errors.ts";
import { encodeFrame } from "../../protocol/wire/frame.ts";
import { refusalAnswer } from "../../protocol/wire/envelope.ts";
import { addressGroup } from "../core/limits/address-group.ts";

const reason =
  "There are too many connections from your address on which nobody has signed in. Close some, or try again in a minute; if " +
  "many people share the address, ask whoever runs the server to raise --connections and --connections-per-minute.";
const line = encodeFrame(refusalAnswer(undefined, failure("rate_limited", reason)));

/** Refused connections that are open at once, and how many of them may be in a handshake. */
const maxOpen = { all: 64, group: 16 };
const maxHandshakes = { all: 16, group: 4 };
/** Handshakes within any minute. */
const maxHandshakesPerMinute = { all: 1_024, group: 64 };
const minuteMs = 60_000;

export class Refusals {
  readonly #tls: TlsWire;
  readonly #clock: Clock;
  readonly #open = new Places(maxOpen);
  readonly #handshakes = new Places(maxHandshakes);
  #perMinute = new Places(maxHandshakesPerMinute);
  #minuteEndMs = 0;

  constructor(tls: TlsWire, clock: Clock) {
    this.#tls = tls;
    this.#clock = clock;
  }

  /** @param socket from which nothing has been read */
  refuse(socket: Socket, address: string): void {
    const group = addressGroup(address);
    if (!this.#open.take(group)) {
      socket.destroy();
      return;
    }
    socket.once("close", () => this.#open.give(group));
    awaitFirstByte(socket, (wire) => {
      if (wire === "json") sayAndClose(socket, line);
      else if (wire === "tls" && this.#mayShake(group)) this.#sayInside(socket, group);
      else socket.destroy();
    });
  }

  #sayInside(socket: Socket, group: string): void {
    socket.once("close", () => this.#handshakes.give(group));
    this.#tls.shake(socket, (secure) => sayAndClose(secure, line));
  }

  #mayShake(group: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs >= this.#minuteEndMs) {
      this.#perMinute = new Places(maxHandshakesPerMinute);
      this.#minuteEndMs = nowMs + minuteMs;
    }
    return this.#perMinute.has(group) && this.#handshakes.take(group) && this.#perMinute.take(group);
  }
}

/** Limits a number of places, in all and per address group. */
class Places {
  readonly #max: { readonly all: number; readonly group: number };
  readonly #groups = new Map<string, number>();
  #all = 0;

  constructor(max: { readonly all: number; readonly group: number }) {
    this.#max = max;
  }

  has(group: string): boolean {
    return this.#all < this.#max.all && (this.#groups.get(group) ?? 0) < this.#max.group;
  }

  take(group: string): boolean {
    if (!this.has(group)) return false;
    this.#all += 1;
    this.#groups.set(group, (this.#groups.get(group) ?? 0) + 1);
    return true;
  }

  give(group: string): void {
    this.#all -= 1;
    const left = (this.#groups.get(group) ?? 0) - 1;
    if (left > 0) this.#groups.set(group, left);
    else this.#groups.delete(group);
  }
}
