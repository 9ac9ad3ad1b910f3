// How many accounts one address may make where no invitation is needed [P-8.7]: 100 at once, and 100 in an hour in the long
// run. Counted when a registration begins, because that is when it costs. A bounded number of addresses.

import { addressGroup } from "./address-group.ts";
import { Tally } from "./tally.ts";

const quota = 100;
const forgetMs = 36_000;
/** More push out the one that was first. */
const maxGroups = 20_000;

export class RegistrationQuota {
  readonly #isTrusted: (address: string) => boolean;
  readonly #begun = new Map<string, Tally>();

  /** @param isTrusted there is no quota for that address */
  constructor(isTrusted: (address: string) => boolean) {
    this.#isTrusted = isTrusted;
  }

  /** @returns 0 if it may begin, and counts; otherwise milliseconds until one may */
  begin(address: string, nowMs: number): number {
    if (this.#isTrusted(address)) return 0;
    const tally = this.#tallyOf(addressGroup(address));
    if (tally.count(nowMs) >= quota) return tally.nextMs(nowMs);
    tally.add(nowMs);
    return 0;
  }

  /** One that had begun was not worked on: the server was too busy. */
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
