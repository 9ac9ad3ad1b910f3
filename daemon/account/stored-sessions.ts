// The sessions of this installation, one per account. They survive a restart and are removed when they end. An account is a
// user at a server's key, whatever address is used for the server.

import type { Log } from "../../base/log.ts";
import { sameAccount } from "../../protocol/api/model.ts";
import type { Account } from "../../protocol/api/model.ts";
import { keyOfName } from "../../protocol/names.ts";
import { traceOf } from "../../base/error-message.ts";
import type { Identity, StoredSession } from "../identity/installation.ts";

export interface StoredSessionsOptions {
  readonly identity: Identity;
  readonly log: Log;
  /** The key of that server, if it is known. */
  keyOf(server: string): string | undefined;
}

export class StoredSessions {
  readonly #options: StoredSessionsOptions;

  constructor(options: StoredSessionsOptions) {
    this.#options = options;
  }

  /** The session of the current account. */
  present(): StoredSession | undefined {
    return this.#options.identity.session();
  }

  find(wanted: Account): StoredSession | undefined {
    return this.#options.identity.sessions().find((each) => sameAccount(each.account, wanted));
  }

  /** Returns all known accounts, the current one first. `signedIn`: switching to it needs no password. */
  accounts(): { account: Account; current: boolean; signedIn: boolean }[] {
    return this.#options.identity.sessions().map(({ account, token }, index) => {
      return { account, current: index === 0, signedIn: token !== undefined };
    });
  }

  isSame(one: Account, other: Account): boolean {
    if (sameAccount(one, other)) return true;
    if (keyOfName(one.user) !== keyOfName(other.user)) return false;
    const key = this.#options.keyOf(one.server);
    return key !== undefined && key === this.#options.keyOf(other.server);
  }

  /** Makes it the current session. If it cannot be stored, it lasts until the daemon ends. */
  keep(account: Account, token: string | undefined): void {
    try {
      const kept = { account, ...(token === undefined ? {} : { token }) };
      this.#options.identity.keepSession(kept, (one, other) => this.isSame(one, other));
    } catch (error) {
      this.#options.log.error("session not stored", { error: traceOf(error) });
    }
  }

  /** Ends the current session, even if the disk refuses the change. */
  forget(): void {
    try {
      this.#options.identity.endSession();
    } catch (error) {
      this.#options.log.error("session not forgotten", { error: traceOf(error) });
    }
  }
}
