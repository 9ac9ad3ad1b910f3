// Who may have a password checked now [P-8.8]: not an account that was guessed at, nor an address that guesses. An address
// is forgiven more, because many people may share it, and nothing is forgiven for a success: an attacker has an account too.
// The server's own machine is no such address: everybody comes from there where a proxy or a tunnel stands in between.

import { addressGroup } from "./address-group.ts";
import { Throttle } from "./throttle.ts";

export type Verdict = "right" | "wrong" | "unknown";

export class Guard {
  readonly #accounts = new Throttle({ freeFailures: 3 });
  readonly #addresses = new Throttle({ freeFailures: 20 });

  /**
   * @param account names it together with its password, so that a new password starts anew
   * @returns what to call with the outcome, once; undefined when the attempt must be refused
   */
  admit(account: string, address: string, nowMs: number): ((verdict: Verdict, nowMs: number) => void) | undefined {
    const group = isOwnMachine(address) ? undefined : addressGroup(address);
    if (group !== undefined && !this.#addresses.begin(group, nowMs)) return undefined;
    if (!this.#accounts.begin(account, nowMs)) {
      if (group !== undefined) this.#addresses.dropped(group);
      return undefined;
    }
    return (verdict, endMs) => {
      if (verdict === "wrong") {
        this.#accounts.failed(account, endMs);
        if (group !== undefined) this.#addresses.failed(group, endMs);
        return;
      }
      if (group !== undefined) this.#addresses.dropped(group);
      if (verdict === "right") this.#accounts.succeeded(account);
      else this.#accounts.dropped(account);
    };
  }

  sweep(nowMs: number): void {
    this.#accounts.sweep(nowMs);
    this.#addresses.sweep(nowMs);
  }
}

function isOwnMachine(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
