// The keys of one account's contacts: pinned at first sight and never replaced automatically. Also holds who may connect
// without asking. A small private file. Losing it is not harmless: an attacker's key would pass as a first sight. So a
// damaged file is reported instead of being treated as empty.

import { readPrivateFile, writePrivateFile } from "../../base/files/private-file.ts";
import { samePin } from "../../base/tls/certificate-pin.ts";
import type { ContactKey } from "../../protocol/api/model.ts";
import type { UserKey } from "../../protocol/ids.ts";
import { keyOfName } from "../../protocol/names.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { array, boolean, integer, Invalid, object, optional, string } from "../../protocol/validate.ts";
import type { Schema } from "../../protocol/validate.ts";
import type { Person } from "./direct-deps.ts";

export interface PeerRecord {
  readonly user: UserKey;
  readonly name: string;
  readonly pin: Pin;
  /** Another key that was shown later. */
  readonly changed?: Pin | undefined;
  /** The person has compared the safety number for `pin`. */
  readonly verified: boolean;
  /** Milliseconds since 1970: from then on the device of `pin` may connect without asking. */
  readonly alwaysSinceMs?: number | undefined;
  /** Milliseconds since 1970. */
  readonly firstSeenMs: number;
}

const pin: Schema<Pin> = {
  read: (value, path) => (typeof value === "string" && isPin(value) ? value : new Invalid(`${path} must be a pin`)),
};
const milliseconds = integer({ min: 0 });
const schema = object({
  peers: array(
    object({
      user: string({ min: 1, max: 256 }),
      name: string({ min: 1, max: 256 }),
      pin,
      changed: optional(pin),
      verified: boolean,
      alwaysSinceMs: optional(milliseconds),
      firstSeenMs: milliseconds,
    }),
  ),
});

export class KeyBook {
  readonly #path: string;
  #records: ReadonlyMap<UserKey, PeerRecord>;

  /** @throws an error with a sentence if the file is damaged */
  constructor(path: string) {
    this.#path = path;
    this.#records = read(path);
  }

  get(user: UserKey): PeerRecord | undefined {
    return this.#records.get(user);
  }

  all(): Iterable<PeerRecord> {
    return this.#records.values();
  }

  /**
   * Records that the person's device proved that key, according to the server or a handshake. The pinned key stays. A
   * different key is stored beside it until the pinned one is shown again.
   * @throws if it cannot be stored
   */
  see(person: Person, shown: Pin, nowMs: number): PeerRecord {
    const known = this.get(person.key);
    if (!known) {
      const first = { user: person.key, name: person.name, pin: shown, verified: false, firstSeenMs: nowMs };
      return this.#put(first);
    }
    if (!samePin(known.pin, shown)) {
      return known.changed === shown ? known : this.#put({ ...known, changed: shown });
    }
    if (known.changed === undefined) return known;
    return this.#put({ ...known, changed: undefined });
  }

  /** Pins the shown key, because this person accepted it. Verification and consent for the old key do not carry over. */
  accept(known: PeerRecord, shown: Pin, nowMs: number): PeerRecord {
    const { user, name } = known;
    return this.#put({ user, name, pin: shown, verified: false, firstSeenMs: nowMs });
  }

  verify(known: PeerRecord, verified: boolean): PeerRecord {
    return this.#put({ ...known, verified });
  }

  allowAlways(known: PeerRecord, nowMs: number): PeerRecord {
    return this.#put({ ...known, alwaysSinceMs: nowMs });
  }

  revoke(known: PeerRecord): PeerRecord {
    return this.#put({ ...known, alwaysSinceMs: undefined });
  }

  /** Adds the people whom only the other book knows. Existing entries stay. @throws if it cannot be stored */
  takeOver(other: KeyBook): void {
    for (const record of other.all()) if (!this.get(record.user)) this.#put(record);
  }

  #put(record: PeerRecord): PeerRecord {
    const records = new Map(this.#records).set(record.user, record);
    writePrivateFile(this.#path, `${JSON.stringify({ peers: [...records.values()] }, undefined, 2)}\n`);
    this.#records = records;
    return record;
  }
}

/** The part that views see. */
export function contactKeyOf({ pin: key, verified, changed }: PeerRecord): ContactKey {
  return { pin: key, verified, ...(changed === undefined ? {} : { changed }) };
}

function read(path: string): ReadonlyMap<UserKey, PeerRecord> {
  const text = readPrivateFile(path);
  if (text === undefined) return new Map();
  const found = schema.read(parse(text), "");
  if (found instanceof Invalid) {
    throw new Error(
      `${path} is damaged, so there is no direct talk now. Restore it, or remove it: then the key of each contact is ` +
        "pinned anew, and everybody is asked about again.",
    );
  }
  const records = new Map<UserKey, PeerRecord>();
  for (const peer of found.peers) {
    // It may have been written when names mapped to other keys [P-3.1].
    const user = keyOfName(peer.user);
    const known = records.get(user);
    records.set(user, known ? sameNow(known, peer.pin) : { ...peer, user });
  }
  return records;
}

/**
 * Two contacts became one because names are now compared differently. A differing key waits for the person to accept it.
 */
function sameNow(known: PeerRecord, shown: Pin): PeerRecord {
  return samePin(known.pin, shown) ? known : { ...known, changed: shown };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
