// What request handlers may use. core.ts provides it; handlers know nothing else of core.ts.

import type { PinStatement } from "../../../protocol/wire/session.ts";
import type { Consents } from "../sessions/consents.ts";
import type { DeliveryRouter } from "../delivery/router.ts";
import type { LoginThrottle } from "../limits/login-throttle.ts";
import type { Counters } from "../counters.ts";
import type { OnlineList } from "../sessions/online-list.ts";
import type { Ports } from "../ports.ts";
import type { Presence } from "../sessions/presence.ts";
import type { Sessions } from "../sessions/sessions.ts";

export interface CoreOptions {
  /** Who may make an account: anyone, people with an invitation, or nobody. */
  readonly registration: "open" | "invite" | "closed";
  /** Where accounts are made by invitation, members may invite too [P-4.16]; left out: yes. */
  readonly membersInvite?: boolean;
  /** Of a session, in the long run [P-8.6]. 0 or left out: no limit. */
  readonly requestsPerSecond?: number;
  /** Addresses that many people share, which have no common limit. Default: loopback addresses. */
  readonly trusts?: (address: string) => boolean;
  /** The statements of the server's earlier keys about the next one [P-1.11]. */
  readonly pins?: () => readonly PinStatement[];
  /** Identify requests without token by their address [P-3.5]. */
  readonly classic: boolean;
  /** What `auth` answers about this program. */
  readonly server: { readonly name: string; readonly version: string };
}

export interface Services {
  readonly ports: Ports;
  readonly options: CoreOptions;
  readonly sessions: Sessions;
  readonly router: DeliveryRouter;
  readonly presence: Presence;
  readonly consents: Consents;
  readonly online: OnlineList;
  readonly counters: Counters;
  readonly guard: LoginThrottle;
  /** Greater than every earlier one, across all links. */
  nextPushId(): number;
}
