// What an account session depends on, and the parameters of signing in.

import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { Account } from "../../protocol/api/model.ts";
import type { OpenedHistory, OpenHistory } from "../history/open/open-history-file.ts";
import type { Identity } from "../identity/installation.ts";
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
  /** The key of that server, if it is known. Two addresses with the same key are the same server. */
  keyOf(server: string): string | undefined;
  /** Tells the person something they have to know. */
  announce(text: string): void;
  /** Called when that history can be read. */
  onOpened(opened: OpenedHistory): void;
  /** Called when the history is closing. It can no longer be read once this has resolved. */
  onClosing(): Promise<void>;
  /**
   * Called when that account becomes the current one, before it connects, and again at each further sign-in. @param folder
   * of the account
   */
  onEntered(account: Account, folder: string): void;
  /** Called when nobody is signed in any more, or somebody else is about to be. */
  onLeft(): void;
  readonly onConnected: (link: ServerLink) => void;
  readonly onPush: (push: Push) => void;
}

export interface SignInParams {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** The key that the server must have, if a person has checked it. */
  readonly pin?: string | undefined;
  /** Renews a session that ended, with a password that a view keeps. */
  readonly renewal?: boolean | undefined;
}
