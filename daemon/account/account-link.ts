// The server link of one account's session. Reports its events to the core and the log.

import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { Account, SessionState } from "../../protocol/api/model.ts";
import type { ServerAddress } from "../connection/server-address.ts";
import type { Connector } from "../connection/connector.ts";
import type { Push } from "../connection/line-client.ts";
import { ServerLink } from "../connection/server-link.ts";
import type { SessionEnd } from "../connection/server-link.ts";
import type { Client } from "../connection/sign-in.ts";
import type { Pulse } from "../lifetime/pulse.ts";

export interface AccountLinkOptions {
  readonly account: Account;
  readonly address: ServerAddress;
  readonly token: string | undefined;
  readonly connector: Connector;
  readonly client: Client;
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly random: () => number;
  readonly log: Log;
  readonly say: (session: SessionState) => void;
  /** The server issued a new token. */
  readonly onRenewed: (token: string) => void;
  readonly onConnected: (link: ServerLink) => void;
  readonly onPush: (push: Push) => void;
  readonly onEnded: (end: SessionEnd) => void;
}

/** Creates the link. @returns the link, not connected yet */
export function createAccountLink(options: AccountLinkOptions): ServerLink {
  const { account, address, token, connector, client, clock, pulse, random, log, say } = options;
  let logged: string | undefined;
  const link: ServerLink = new ServerLink({
    ...{ connector, address, user: account.user, token, client, clock, pulse, random },
    events: {
      onConnecting: () => say({ state: "connecting", account }),
      onConnected: (renewed) => {
        if (renewed !== undefined && renewed !== token) options.onRenewed(renewed);
        logged = undefined;
        log.info("connected", { server: address.text });
        say({ state: "connected", account });
        options.onConnected(link);
      },
      onUnreachable: (reason, retryAtMs, distrust) => {
        // Logged once per reason, because it is retried for as long as the server is away.
        if (reason !== logged) log.info("unreachable", { server: address.text, reason });
        logged = reason;
        const doubt = distrust === undefined ? {} : { distrust };
        say({ state: "unreachable", account, reason, retryAtMs: Math.round(retryAtMs), ...doubt });
      },
      onPush: options.onPush,
      onEnded: (end) => options.onEnded(end),
    },
  });
  return link;
}
