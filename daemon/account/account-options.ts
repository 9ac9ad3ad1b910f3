// What the account of a person is given, and what it asks for to sign in.

import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { Account } from "../../protocol/api/model.ts";
import type { OpenedHistory, OpenHistory } from "../history/open/open-history-file.ts";
import type { Identity } from "../identity/identity.ts";
import type { Connector } from "../connection/connector.ts";
import type { Push } from "../connection/line-client.ts";
import type { ServerLink } from "../connection/server-link.ts";
import type { Client } from "../connection/sign-in.ts";
import type { Pulse } from "../lifetime/pulse.ts";
import type { Engine } from "../engine/engine.ts";

export interface AccountOptions {
  readonly identity: Identity;
  readonly connector: Connector;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly random: () => number;
  readonly log: Log;
  readonly client: Client;
  readonly openHistory: OpenHistory;
  /** The key of that server, if it is known: two addresses with one key are one server. */
  keyOf(server: string): string | undefined;
  /** Something a person has to know. */
  announce(text: string): void;
  /** That history can be read now. */
  onOpened(opened: OpenedHistory): void;
  /** It cannot any more, as soon as this has settled. */
  onClosing(): Promise<void>;
  /** That account is the present one, and about to connect. Called again when it signs in once more. @param folder its own */
  onEntered(account: Account, folder: string): void;
  /** Nobody is signed in any more, or somebody else is about to be. */
  onLeft(): void;
  readonly onConnected: (link: ServerLink) => void;
  readonly onPush: (push: Push) => void;
}

export interface SignInParams {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** The key that the server must have, where a person has seen it. */
  readonly pin?: string | undefined;
  /** Of a session that ended, by a password that a view keeps. */
  readonly renewal?: boolean | undefined;
}
