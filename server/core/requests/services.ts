// What the handlers of requests may use. core.ts makes it; nothing else of core.ts is known to them.

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
  /** Who may make an account: anyone, those with an invitation, nobody. */
  readonly registration: "open" | "invite" | "closed";
  /** Where accounts are made by invitation, members may invite too [P-4.16]; left out: yes. */
  readonly membersInvite?: boolean;
  /** Of a session, in the long run [P-8.6]. 0 or left out: no limit. */
  readonly requestsPerSecond?: number;
  /** Addresses that many people share without being limited together. Loopback addresses, unless it says otherwise. */
  readonly trusts?: (address: string) => boolean;
  /** What earlier keys of the server said about the next one [P-1.11]. */
  readonly pins?: () => readonly PinStatement[];
  /** Requests without token are believed by address [P-3.5]. */
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
  /** Greater than every one before, over all links. */
  nextPushId(): number;
}
