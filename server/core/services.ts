// What the handlers of requests may use. core.ts makes it; nothing else of core.ts is known to them.

import type { Consents } from "./consents.ts";
import type { Ports } from "./ports.ts";
import type { PostOffice } from "./post-office.ts";
import type { Sessions } from "./sessions.ts";

export interface CoreOptions {
  readonly registration: "open" | "closed";
  /** Requests without token are believed by address [P-3.5]. */
  readonly classic: boolean;
  /** What `auth` answers about this program. */
  readonly server: { readonly name: string; readonly version: string };
}

export interface Services {
  readonly ports: Ports;
  readonly options: CoreOptions;
  readonly sessions: Sessions;
  readonly office: PostOffice;
  readonly consents: Consents;
  /** Greater than every one before, over all links. */
  nextPushId(): number;
}
