// The one session of an account [P-3.6]: who it is, how it is reached, what it says about being there. Data, and what can be
// told from it; what happens to it is in sessions.ts.

import type { Budget } from "./budget.ts";
import type { Lane } from "./lane.ts";
import type { DialOutlet, Outlet } from "./outlet.ts";
import type { Account, Grant } from "./ports.ts";

export type OwnState = "available" | "away" | "dnd";

/** The open link of a session. */
export interface SessionLink extends Outlet {
  readonly address: string;
  /** As `Link.peerKey`. */
  readonly peerKey: string | undefined;
  /** How many pushes went out on it. */
  readonly pushes: number;
  /** The connection is closed. */
  readonly gone: boolean;
  owner: Session | undefined;
  /** Answers what is under way, then closes. */
  finish(): void;
}

export interface Session {
  readonly account: Account;
  readonly lane: Lane;
  /** What its token opens again. */
  readonly grant: Grant;
  /** The hash of its token. */
  readonly hash: string;
  /** The pin of the key that its client proved to hold: the device it is on, where one was shown [P-1.9]. */
  readonly deviceKey: string | undefined;
  /** Where its client says it may be reached besides, as long as this session lives [P-4.8]. */
  readonly addresses: readonly string[];
  link: SessionLink | undefined;
  /** The way to the port it named, used while there is no link. */
  dial: DialOutlet | undefined;
  state: OwnState;
  text: string | undefined;
  /** How hasty it may be; outlives take-overs [P-8.6]. */
  readonly budget: Budget;
  /** Monotonic milliseconds of the last sign of life [P-4.9]. */
  lastSeenMs: number;
  /** Monotonic milliseconds at which its token was last counted as used. */
  touchedMs: number;
}

export function outletOf(session: Session): Outlet | undefined {
  return session.link ?? session.dial;
}

/**
 * Whether a login comes from where the session is. The same installation: by the key that it proved, by its own word only
 * where neither proved one [P-1.9]. Or, for clients that name none and keep no link, the same listener.
 * @param peerKey as `Link.peerKey`, of the login
 */
export function isSamePlace(
  { grant: before, link, deviceKey }: Session,
  grant: Grant,
  peerKey: string | undefined,
): boolean {
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
