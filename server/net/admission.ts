// How many connections one address may open and have open [P-8.5]. An IPv6 network of 64 bits counts as one address, this
// machine itself is not counted. A connection beyond it is told so in one line and closed before anything of it is read, so
// that it costs next to nothing and takes no place from others.

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { isLoopback } from "../../base/loopback.ts";
import { failure } from "../../protocol/errors.ts";
import { encodeFrame } from "../../protocol/frame.ts";
import { refusalAnswer } from "../../protocol/messages/envelope.ts";
import { addressGroup } from "../core/address-group.ts";

export interface ConnectionLimits {
  /** Open ones an address; 0: no limit. */
  readonly open: number;
  /** New ones a minute and address; 0: no limit. */
  readonly perMinute: number;
  /** Count loopback addresses too. */
  readonly loopback: boolean;
}

interface Place {
  open: number;
  /** Monotonic milliseconds of those admitted within the last minute, oldest first. */
  readonly admittedMs: number[];
}

const minuteMs = 60_000;

export class Admission {
  readonly #limits: ConnectionLimits;
  readonly #clock: Clock;
  readonly #places = new Map<string, Place>();
  #tidyAtMs = 0;

  constructor(connectionLimits: ConnectionLimits, clock: Clock) {
    this.#limits = connectionLimits;
    this.#clock = clock;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#places.size;
  }

  /** @returns what to call when the connection is closed; undefined when it must not be served */
  admit(address: string): (() => void) | undefined {
    if (isLoopback(address) && !this.#limits.loopback) return nothing;
    const nowMs = this.#clock.monotonicMs();
    this.#tidy(nowMs);
    const group = addressGroup(address.replace(/^::ffff:(?=\d+\.)/i, ""));
    const place = this.#places.get(group) ?? { open: 0, admittedMs: [] };
    forgetOld(place, nowMs);
    const { open, perMinute } = this.#limits;
    if (open > 0 && place.open >= open) return undefined;
    if (perMinute > 0 && place.admittedMs.length >= perMinute) return undefined;
    place.open += 1;
    if (perMinute > 0) place.admittedMs.push(nowMs);
    this.#places.set(group, place);
    return () => (place.open -= 1);
  }

  #tidy(nowMs: number): void {
    if (nowMs < this.#tidyAtMs) return;
    this.#tidyAtMs = nowMs + minuteMs;
    for (const [group, place] of this.#places) {
      forgetOld(place, nowMs);
      if (place.open === 0 && place.admittedMs.length === 0) this.#places.delete(group);
    }
  }
}

/** Says why, to those who speak plain JSON, and closes. */
export function turnAway(socket: Socket): void {
  socket.on("error", () => undefined);
  socket.end(tooMany, () => socket.destroy());
}

const tooMany = encodeFrame(
  refusalAnswer(
    undefined,
    failure("rate_limited", "There are too many connections from your address. Close some, or wait a minute."),
  ),
);

function forgetOld({ admittedMs }: Place, nowMs: number): void {
  const fresh = admittedMs.findIndex((ms) => nowMs - ms < minuteMs);
  if (fresh !== 0) admittedMs.splice(0, fresh === -1 ? admittedMs.length : fresh);
}

function nothing(): void {
  // A connection that is not counted.
}
