// The one session of an account [P-3.6]: who it is, how it is reached, what it says about being there. Data, and what can be
// told from it; what happens to it is in sessions.ts.

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
  /** Answers what is under way, then closes. */
  finish(): void;
}

export interface Session {
  readonly account: Account;
  readonly queue: RecipientQueue;
  /** What its token opens again. */
  readonly grant: Grant;
  /** The hash of its token. */
  readonly hash: string;
  /** The pin of the key that its client proved to hold: the device it is on, where one was shown [P-1.9]. */
  readonly deviceKey: string | undefined;
  /** Where its client says it may be reached besides, as long as this session lives [P-4.8]. */
  readonly addresses: readonly string[];
  /** Names a port once somebody was allowed to talk to it [P-4.8]. */
  readonly direct: boolean;
  link: SessionLink | undefined;
  /** The way to the port it named, used while there is no link. */
  callback: CallbackChannel | undefined;
  state: OwnState;
  text: string | undefined;
  /** The latest change of presence that it was told of. */
  presenceSeq: number;
  /** Accounts with which messages were exchanged: a client that knows only the seed is told when one leaves [P-6.2]. */
  partners: Set<number> | undefined;
  /** It was there before the server started, and its client has not come back yet. */
  awaited: boolean;
  /** What it may ask for; outlives take-overs [P-8.6]. */
  readonly budget: TokenBucket;
  /** Monotonic milliseconds of the last sign of life [P-4.9]. */
  lastSeenMs: number;
  /** Monotonic milliseconds at which its token was last counted as used. */
  touchedMs: number;
  /** Monotonic milliseconds of the last line in the log about its signing in. */
  loggedMs: number;
}

export function channelOf(session: Session): PushChannel | undefined {
  return session.link ?? session.callback;
}

/**
 * Whether a login comes from where the session is. The same installation: by the key that it proved, by its own word only
 * if neither proved one [P-1.9]. Or, for clients that name none and keep no link, the same listener. What was awaited after
 * a start of the server is known by its token.
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
