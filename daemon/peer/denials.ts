// How long a no holds. This person is not asked again about anybody they denied for a while, longer each time, nor about
// anybody else at the same address. Kept in memory only, so that nothing is stored about people who were denied. Denials of
// others at the same address do not affect people whom this person knows.

import type { Clock } from "../../base/clock.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import { canonicalIp, ipv6Groups } from "../../protocol/ip/canonical-ip.ts";
import type { UserKey } from "../../protocol/ids.ts";

/** After the first no, the second, and so on. */
const denialMs = [30_000, 2 * 60_000, 10 * 60_000, 60 * 60_000] as const;
const longestDenialMs = 60 * 60_000;
/** If the last no is older than this, the next one counts as the first. */
const forgetMs = 24 * 60 * 60_000;
/** Above this, the oldest denial is forgotten. */
const maxKept = 2_000;

export interface Asker {
  readonly user: UserKey;
  readonly ip: string | undefined;
  /** The server vouches for the name. */
  readonly vouched: boolean;
  /** This person has written to them, or compared or allowed their key. */
  readonly known: boolean;
}

interface Refusals {
  readonly times: number;
  readonly untilMs: number;
  readonly atMs: number;
}

export class Denials {
  readonly #clock: Clock;
  readonly #refusals = new Map<string, Refusals>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  holds(asker: Asker): boolean {
    const nowMs = this.#clock.monotonicMs();
    return namesOf(asker).some((name) => (this.#refusals.get(name)?.untilMs ?? 0) > nowMs);
  }

  add(asker: Asker): void {
    const nowMs = this.#clock.monotonicMs();
    for (const name of namesOf(asker)) {
      const before = this.#refusals.get(name);
      const times = before && nowMs - before.atMs < forgetMs ? before.times + 1 : 1;
      this.#refusals.delete(name);
      this.#refusals.set(name, { times, atMs: nowMs, untilMs: nowMs + (denialMs[times - 1] ?? longestDenialMs) });
    }
    for (const name of this.#refusals.keys()) {
      if (this.#refusals.size <= maxKept) return;
      this.#refusals.delete(name);
    }
  }

  /** Forgets the denials, because this person wants to talk to them after all. */
  forget(user: UserKey): void {
    for (const vouched of [true, false]) this.#refusals.delete(nameOf(user, vouched));
  }
}

function namesOf({ user, ip, vouched, known }: Asker): string[] {
  // Any process on this machine may give any name.
  if (!vouched) return ["here"];
  const place = known || ip === undefined || isLoopback(ip) ? [] : [`ip ${groupOf(ip)}`];
  return [nameOf(user, vouched), ...place];
}

function nameOf(user: UserKey, vouched: boolean): string {
  return `${vouched ? "user" : "claimed"} ${user}`;
}

/** Groups addresses: an IPv6 network of 64 bits counts as one address. */
export function groupOf(ip: string): string {
  const address = canonicalIp(ip) ?? ip;
  return ipv6Groups(address)?.slice(0, 4).join(":") ?? address;
}
