// How many accounts one address may make if no invitation is needed [P-8.7]: 100 at once, and 100 per hour in the long run.
// Counted when a registration begins, because that is when it costs. The number of addresses is bounded.

import { addressGroup } from "./address-group.ts";
import { Tally } from "./tally.ts";

const quota = 100;
const forgetMs = 36_000;
/** Beyond this, the oldest one is dropped. */
const maxGroups = 20_000;

export class RegistrationQuota {
  readonly #isTrusted: (address: string) => boolean;
  readonly #begun = new Map<string, Tally>();

  /** @param isTrusted addresses without a quota */
  constructor(isTrusted: (address: string) => boolean) {
    this.#isTrusted = isTrusted;
  }

  /** @returns 0 if a registration may begin, which counts it; otherwise milliseconds until one may */
  begin(address: string, nowMs: number): number {
    if (this.#isTrusted(address)) return 0;
    const tally = this.#tallyOf(addressGroup(address));
    if (tally.count(nowMs) >= quota) return tally.nextMs(nowMs);
    tally.add(nowMs);
    return 0;
  }

  /** A registration that had begun was not processed, because the server was too busy. */
  takeBack(address: string): void {
    this.#begun.get(addressGroup(address))?.takeBack();
  }

  sweep(nowMs: number): void {
    for (const [group, tally] of this.#begun) {
      if (tally.count(nowMs) > 0) return;
      this.#begun.delete(group);
    }
  }

  #tallyOf(group: string): Tally {
    let tally = this.#begun.get(group);
    if (!tally) {
      tally = new Tally(forgetMs);
      this.#begun.set(group, tally);
      const { value, done } = this.#begun.keys().next();
      if (this.#begun.size > maxGroups && done !== true) this.#begun.delete(value);
    }
    return tally;
  }
}
