// Decides who may have a password checked now [P-8.8]. Guesses are counted per name and address, so that a stranger locks
// nobody out; a device that proved its key before has a count of its own. Two more counts apply to strangers only: all
// guesses at one account, against a botnet, and all guesses from one address. Names that nobody has are treated as if
// somebody had them (CWE-204).

import { addressGroup } from "./address-group.ts";
import { KnownPlaces } from "./known-places.ts";
import { RegistrationQuota } from "./registration-quota.ts";
import { GuessBackoff } from "./guess-backoff.ts";

/** A name and password to be checked. */
export interface Attempt {
  /** Key of the name, whether or not somebody has it. */
  readonly key: string;
  /** The account of that name, if there is one. */
  readonly account: number | undefined;
  /** The PHC string of its password: if that changes, the counts of the account start over. */
  readonly stored: string | undefined;
  readonly address: string;
  /** The pin of the key that the client proved to hold, if the person signed in with it before. */
  readonly deviceKey: string | undefined;
  /** Where the person signed in last, if that token is still in force. */
  readonly lastAddress: string | undefined;
}

export type Verdict = "right" | "wrong" | "unknown";

/** The decision: refused without a check, or to be checked, with one call of `end` to follow. */
export type Admission =
  | {
      readonly ok: false;
      readonly retryAfterMs: number;
      /** It depends on attempts that are being checked; ask again once one of them has ended. */
      readonly undecided?: Promise<void>;
    }
  | {
      readonly ok: true;
      /** The person signed in from that place, or with that device, before. */
      readonly known: boolean;
      end(verdict: Verdict, nowMs: number): void;
    };

interface Count {
  readonly throttle: GuessBackoff;
  readonly key: string;
  /** A success of the person resets it. */
  readonly own: boolean;
}

const minute = 60_000;
const ownLimit = { freeFailures: 3, forgetMs: 20 * minute, maxWaitMs: 5 * minute } as const;

export class LoginThrottle {
  readonly registrations: RegistrationQuota;
  readonly #isTrusted: (address: string) => boolean;
  readonly #places = new KnownPlaces();
  readonly #devices = new GuessBackoff(ownLimit);
  readonly #pairs = new GuessBackoff(ownLimit);
  /** By account: 50 failures per hour in the long run. */
  readonly #strangers = new GuessBackoff({ freeFailures: 50, forgetMs: 1.2 * minute, maxWaitMs: 5 * minute });
  /** By address: 100 per hour. Many people may wait for their turn there, and most of them are right. */
  readonly #addresses = new GuessBackoff({
    freeFailures: 100,
    forgetMs: 0.6 * minute,
    maxWaitMs: minute,
    counts: "ended",
  });

  /** @param isTrusted addresses that many people may share: limits that cover all accounts do not apply to them */
  constructor(isTrusted: (address: string) => boolean) {
    this.#isTrusted = isTrusted;
    this.registrations = new RegistrationQuota(this.#isTrusted);
  }

  /** @param nowMs monotonic */
  admit(attempt: Attempt, nowMs: number): Admission {
    const { account, address } = attempt;
    const group = addressGroup(address);
    const known = attempt.deviceKey !== undefined || this.#isPlaceOf(attempt, group);
    const counts = this.#countsOf(attempt, group, known);
    const retryAfterMs = Math.max(...counts.map(({ throttle, key }) => throttle.waitMs(key, nowMs)));
    if (retryAfterMs > 0) return { ok: false, retryAfterMs };
    const full = counts.find(({ throttle, key }) => throttle.isFull(key, nowMs));
    if (full) return undecidedBy(full);
    for (const { throttle, key } of counts) throttle.begin(key);
    return {
      ok: true,
      known,
      end: (verdict, endMs) => {
        for (const { throttle, key, own } of counts) {
          if (verdict === "wrong") throttle.failed(key, endMs);
          else if (verdict === "right" && own) throttle.succeeded(key);
          else throttle.dropped(key, endMs);
        }
        if (verdict === "right" && account !== undefined) this.signedIn(account, address);
      },
    };
  }

  /** The person is at that address: also after signing in by token, or after making the account there. */
  signedIn(account: number, address: string): void {
    this.#places.add(account, addressGroup(address));
  }

  sweep(nowMs: number): void {
    for (const throttle of [this.#devices, this.#pairs, this.#strangers, this.#addresses]) throttle.sweep(nowMs);
    this.registrations.sweep(nowMs);
  }

  #isPlaceOf({ account, lastAddress }: Attempt, group: string): boolean {
    if (account === undefined) return false;
    return this.#places.has(account, group) || (lastAddress !== undefined && addressGroup(lastAddress) === group);
  }

  #countsOf({ key, stored, address, deviceKey }: Attempt, group: string, known: boolean): Count[] {
    const subject = `${key} ${stored ?? ""}`;
    if (deviceKey !== undefined) return [{ throttle: this.#devices, key: `${subject} ${deviceKey}`, own: true }];
    const counts: Count[] = [{ throttle: this.#pairs, key: `${subject} ${group}`, own: true }];
    if (known) return counts;
    counts.push({ throttle: this.#strangers, key: subject, own: false });
    if (!this.#isTrusted(address)) counts.push({ throttle: this.#addresses, key: group, own: false });
    return counts;
  }
}

function undecidedBy({ throttle, key }: Count): Admission {
  const undecided = throttle.nextEnd(key);
  return { ok: false, retryAfterMs: 1_000, ...(undecided && { undecided }) };
}
