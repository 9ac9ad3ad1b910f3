// What may be asked of the server, in tokens [P-8.6]: a line costs one, and one more per 32 KiB. A session has a budget,
// wherever its requests come from; a connection has one, no matter whose tokens it sends; and all connections of one address
// group share one. Nothing is refused for exceeding a budget: the connection is read more slowly.

import { limits } from "../../../protocol/limits.ts";
import { addressGroup } from "./address-group.ts";
import { TokenBucket } from "./token-bucket.ts";

/** A connection that somebody signed in on, or sends tokens on, may carry several sessions. */
const trustedConnectionFactor = 4;
/** Many people may share an address. */
const groupFactor = 50;
const bytesPerToken = 32 * 1_024;

interface Group {
  readonly bucket: TokenBucket;
  connections: number;
}

export class Budgets {
  readonly #perSecond: number;
  readonly #isTrusted: (address: string) => boolean;
  readonly #groups = new Map<string, Group>();

  /**
   * @param perSecond requests of one session; 0: no limits at all
   * @param isTrusted addresses that any number of people may share: behind a proxy, everyone comes from there
   */
  constructor(perSecond: number, isTrusted: (address: string) => boolean) {
    this.#perSecond = perSecond;
    this.#isTrusted = isTrusted;
  }

  /** The budget of a session, or of a connection that belongs to nobody. */
  one(nowMs: number): TokenBucket {
    return new TokenBucket(this.#perSecond, limits.requestBurstSeconds, nowMs);
  }

  /** Somebody signed in on the connection with that budget. */
  trust(connection: TokenBucket, nowMs: number): void {
    connection.scale(trustedConnectionFactor, nowMs);
  }

  /** The budget of all connections from there; undefined: they share no limit. `release` follows for each. */
  ofGroup(address: string, nowMs: number): TokenBucket | undefined {
    if (this.#perSecond === 0 || this.#isTrusted(address)) return undefined;
    const name = addressGroup(address);
    let group = this.#groups.get(name);
    if (!group) {
      const bucket = new TokenBucket(this.#perSecond * groupFactor, limits.requestBurstSeconds, nowMs);
      group = { bucket, connections: 0 };
      this.#groups.set(name, group);
    }
    group.connections += 1;
    return group.bucket;
  }

  /** A connection from there is closed. */
  release(address: string): void {
    const group = this.#groups.get(addressGroup(address));
    if (group) group.connections -= 1;
  }

  /** Forgets groups that have no connections and have spent nothing lately. */
  sweep(nowMs: number): void {
    for (const [name, { bucket, connections }] of this.#groups) {
      if (connections === 0 && bucket.isFull(nowMs)) this.#groups.delete(name);
    }
  }
}

export function tokensOf(lines: number, bytes: number): number {
  return lines + bytes / bytesPerToken;
}
