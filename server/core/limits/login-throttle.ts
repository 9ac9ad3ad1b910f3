// Who may have a password checked now [P-8.8]. Guesses are counted for a name at an address, so that a stranger keeps nobody
// out; a device that proved its key before has a count of its own. Two more counts are of strangers only: all guesses at one
// account, against a botnet, and all from one address. Names that nobody has are treated as if somebody did (CWE-204).

import { addressGroup } from "./address-group.ts";
import { KnownPlaces } from "./known-places.ts";
import { RegistrationQuota } from "./registration-quota.ts";
import { GuessBackoff } from "./guess-backoff.ts";

/** A password that somebody gives for a name. */
export interface Attempt {
  /** Of the name, whether or not somebody has it. */
  readonly key: string;
  /** Whose the name is. */
  readonly account: number | undefined;
  /** The PHC string of its password: with another one, the counts of the account start anew. */
  readonly stored: string | undefined;
  readonly address: string;
  /** The pin of the key that the client proved, if the person signed in with it before. */
  readonly deviceKey: string | undefined;
  /** Where the person signed in last, if that is still in force. */
  readonly lastAddress: string | undefined;
}

export type Verdict = "right" | "wrong" | "unknown";

/** What became of an attempt: refused unchecked, or to be checked, with one call of `end` to follow. */
export type Admission =
  | {
      readonly ok: false;
      readonly retryAfterMs: number;
      /** It depends on others that are checked now; worth asking again when one of them has ended. */
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
  /** A success of the person forgets it. */
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
  /** By account: 50 failures in an hour, in the long run. */
  readonly #strangers = new GuessBackoff({ freeFailures: 50, forgetMs: 1.2 * minute, maxWaitMs: 5 * minute });
  /** By address: 100 in an hour. Many people may be waiting for their turn there, and most of them are right. */
  readonly #addresses = new GuessBackoff({
    freeFailures: 100,
    forgetMs: 0.6 * minute,
    maxWaitMs: minute,
    counts: "ended",
  });

  /** @param isTrusted addresses that many people may share: the limits for all accounts together do not hold for them */
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

  /** That person is at that address: signed in by a token too, or made the account there. */
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
