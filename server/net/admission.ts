// Limits the connections per address on which nobody has signed in: how many are open, and how many are new within a
// minute. So one misbehaving machine cannot take the sockets of all. An address is not a person, as a whole office may
// share one, so a connection counts only until somebody signs in on it. Loopback addresses are not counted unless the
// operator asks for it: a tunnel or a proxy on the same machine makes everyone arrive from there.

import type { Clock } from "../../base/clock.ts";
import type { AddressTrust } from "../../protocol/ip/loopback.ts";
import { addressGroup } from "../core/limits/address-group.ts";

export interface ConnectionLimits {
  /** Open connections per address without a sign-in; 0: no limit. */
  readonly open: number;
  /** New connections per minute and address without a sign-in within that minute; 0: no limit. */
  readonly perMinute: number;
  /** Count loopback addresses too. */
  readonly loopback: boolean;
}

/** A few hundred people behind one address reconnect at once after a restart, over TLS, and not all at the first try. */
export const defaultConnectionLimits: ConnectionLimits = { open: 512, perMinute: 1_024, loopback: false };

/** A connection that may be served. */
export interface Admitted {
  /**
   * True: somebody signed in on it, so it no longer counts. False: nobody is signed in any more, so it counts as open
   * again.
   */
  setTrusted(trusted: boolean): void;
  /** The connection has closed. */
  leave(): void;
}

interface Place {
  open: number;
  /** Connections admitted within the last minute, oldest first. */
  readonly admitted: Set<{ readonly atMs: number }>;
}

const minuteMs = 60_000;
const uncounted: Admitted = { setTrusted: () => undefined, leave: () => undefined };

export class Admission {
  readonly #limits: ConnectionLimits;
  readonly #clock: Clock;
  readonly #trusts: AddressTrust;
  readonly #places = new Map<string, Place>();
  #tidyAtMs = 0;

  constructor(connectionLimits: ConnectionLimits, clock: Clock, trusts: AddressTrust) {
    this.#limits = connectionLimits;
    this.#clock = clock;
    this.#trusts = trusts;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#places.size;
  }

  /** @returns undefined if the connection must not be served */
  admit(address: string): Admitted | undefined {
    if (this.#trusts(address) && !this.#limits.loopback) return uncounted;
    const nowMs = this.#clock.monotonicMs();
    this.#tidy(nowMs);
    const group = addressGroup(address);
    const place = this.#places.get(group) ?? { open: 0, admitted: new Set() };
    forgetOld(place, nowMs);
    const { open, perMinute } = this.#limits;
    if (open > 0 && place.open >= open) return undefined;
    if (perMinute > 0 && place.admitted.size >= perMinute) return undefined;
    this.#places.set(group, place);
    return admitTo(place, nowMs, perMinute > 0);
  }

  #tidy(nowMs: number): void {
    if (nowMs < this.#tidyAtMs) return;
    this.#tidyAtMs = nowMs + minuteMs;
    for (const [group, place] of this.#places) {
      forgetOld(place, nowMs);
      if (place.open === 0 && place.admitted.size === 0) this.#places.delete(group);
    }
  }
}

function admitTo(place: Place, atMs: number, remember: boolean): Admitted {
  const entry = { atMs };
  if (remember) place.admitted.add(entry);
  let counted = true;
  let gone = false;
  place.open += 1;
  const count = (now: boolean): void => {
    if (now !== counted) place.open += now ? 1 : -1;
    counted = now;
  };
  return {
    setTrusted(trusted) {
      if (gone) return;
      count(!trusted);
      if (trusted) place.admitted.delete(entry);
    },
    leave() {
      gone = true;
      count(false);
    },
  };
}

function forgetOld({ admitted }: Place, nowMs: number): void {
  for (const entry of admitted) {
    if (nowMs - entry.atMs < minuteMs) return;
    admitted.delete(entry);
  }
}
