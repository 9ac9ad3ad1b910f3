// The one session of an account [P-3.6]: who it is, how it is reached, and its presence. Only data, and what can be derived
// from it; its changes are in sessions.ts.

import type { CallbackChannel } from "../delivery/callback-channel.ts";
import type { PushChannel } from "../delivery/push-channel.ts";
import type { RecipientQueue } from "../delivery/recipient-queue.ts";
import type { TokenBucket } from "../limits/token-bucket.ts";
import type { Account, Grant, OwnState } from "../ports.ts";

/** The open link of a session. */
export interface SessionLink extends PushChannel {
  readonly address: string;
  /** As `Link.peerKey`. */
  readonly peerKey: string | undefined;
  /** The connection is closed. */
  readonly gone: boolean;
  owner: Session | undefined;
  /** Answers what is in progress, then closes. */
  finish(): void;
}

export interface Session {
  readonly account: Account;
  readonly queue: RecipientQueue;
  /** What its token opens again. */
  readonly grant: Grant;
  /** The hash of its token. */
  readonly hash: string;
  /** Pin of the key that its client proved to hold, which identifies its device; undefined if it showed none [P-1.9]. */
  readonly deviceKey: string | undefined;
  /** Further addresses at which its client says that it may be reached, as long as this session lives [P-4.8]. */
  readonly addresses: readonly string[];
  /** Will name a port once somebody has been allowed to talk to it [P-4.8]. */
  readonly direct: boolean;
  link: SessionLink | undefined;
  /** The channel to the port that it named, used while there is no link. */
  callback: CallbackChannel | undefined;
  state: OwnState;
  text: string | undefined;
  /** The latest change of presence that it was sent. */
  presenceSeq: number;
  /** Accounts with which it exchanged messages: a client of the original protocol is notified when one leaves [P-6.2]. */
  partners: Set<number> | undefined;
  /** It was present before the server started, and its client has not come back yet. */
  awaited: boolean;
  /** The budget of its requests; survives take-overs [P-8.6]. */
  readonly budget: TokenBucket;
  /** Monotonic milliseconds of the last sign of life [P-4.9]. */
  lastSeenMs: number;
  /** Monotonic milliseconds when its token was last counted as used. */
  touchedMs: number;
  /** Monotonic milliseconds when its sign-in was last logged. */
  loggedMs: number;
}

export function channelOf(session: Session): PushChannel | undefined {
  return session.link ?? session.callback;
}

/**
 * Whether a login comes from where the session is. That is the same installation: by the key that it proved, or by its own
 * claim only if neither proved one [P-1.9]. For clients that name no installation and keep no link, it is the same
 * listener. A session that was awaited after a start of the server is recognised by its token.
 * @param peerKey as `Link.peerKey`, of the login
 */
export function isSamePlace(
  { grant: before, link, deviceKey, awaited, hash: tokenBefore }: Session,
  grant: Grant,
  peerKey: string | undefined,
  hash: string,
): boolean {
  if (awaited && hash === tokenBefore) return true;
  if (deviceKey !== undefined || peerKey !== undefined) return deviceKey === peerKey;
  if (grant.device !== undefined && grant.device !== "") return before.device === grant.device;
  return (
    !link &&
    before.device === undefined &&
    before.port !== undefined &&
    before.port === grant.port &&
    before.address === grant.address
  );
}
