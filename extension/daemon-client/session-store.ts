// What this window knows of the person's account: the connection to the daemon, the session and the contacts. Updated by
// the daemon's notifications and read again at every connection. A copy, never the owner; no vscode.

import { conversationWith, everyone } from "../../protocol/conversations/conversation-id.ts";
import type { Account, Contact, OwnPresence, SessionState } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { contactsChanged, ownPresence, sessionChanged } from "../../protocol/api/notifications.ts";
import { snapshot } from "../../protocol/api/session.ts";
import { isReached } from "./port.ts";
import type { Daemon, DaemonLinkState } from "./port.ts";
import type { Log } from "../ui/log.ts";
import { Disposables, Emitter, hostTimer } from "../ui/signal.ts";
import type { Disposable, SetTimer } from "../ui/signal.ts";

/** If the daemon fails to give a snapshot (a full disk, a busy machine), it is asked again, less and less often. */
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

export interface ContactsChange {
  readonly changed: readonly Contact[];
  readonly removed: readonly ConversationId[];
}

export class SessionStore implements Disposable {
  /** Fires after anything below has changed. The value says what, if only contacts changed. */
  readonly changed = new Emitter<ContactsChange | undefined>();
  /** Fires whenever the daemon reported the session, even if it is unchanged. */
  readonly sessionTold = new Emitter<SessionState>();
  readonly #daemon: Daemon;
  readonly #log: Log;
  readonly #disposables = new Disposables();
  readonly #contacts = new Map<ConversationId, Contact>();
  #session: SessionState | undefined;
  #isTold = false;
  #refreshed: Promise<unknown> = Promise.resolve();
  #retry: Disposable | undefined;
  readonly #setTimer: SetTimer;
  #ownPresence: OwnPresence = { state: "available" };

  constructor(daemon: Daemon, log: Log, setTimer: SetTimer = hostTimer) {
    this.#daemon = daemon;
    this.#log = log;
    this.#setTimer = setTimer;
    this.#disposables.add(
      daemon.on(sessionChanged, ({ session }) => this.#tell(session)),
      daemon.on(ownPresence, (presence) => {
        this.#ownPresence = presence;
        this.changed.fire(undefined);
      }),
      daemon.on(contactsChanged, ({ changed, removed }) => {
        for (const contact of changed) this.#contacts.set(contact.conversation, contact);
        for (const conversation of removed) this.#contacts.delete(conversation);
        this.changed.fire({ changed, removed });
      }),
      daemon.linkChanged.on((link) => {
        this.#isTold = false;
        this.#retry?.dispose();
        if (link.state === "connected") this.#begin();
        this.changed.fire(undefined);
      }),
      { dispose: () => this.#retry?.dispose() },
    );
    if (daemon.link.state === "connected") this.#begin();
  }

  get link(): DaemonLinkState {
    return this.#daemon.link;
  }

  /** As last reported; undefined before the daemon's first report. */
  get session(): SessionState | undefined {
    return this.#session;
  }

  /** Whether the daemon has reported the session on the current connection. Before that, somebody else may be signed in. */
  get isTold(): boolean {
    return this.#isTold;
  }

  get account(): Account | undefined {
    return this.#session?.account;
  }

  /** The presence that the person set, in whichever window. */
  get ownPresence(): OwnPresence {
    return this.#ownPresence;
  }

  /** Always includes Everyone. */
  get contacts(): readonly Contact[] {
    return [...this.#contacts.values()];
  }

  contact(conversation: ConversationId): Contact | undefined {
    return this.#contacts.get(conversation);
  }

  contactNamed(name: string): Contact | undefined {
    return this.#contacts.get(conversationWith(name));
  }

  /** Resolves once the daemon has reported the session; false if it cannot be reached. */
  async told(): Promise<boolean> {
    if (await isReached(this.#daemon)) await this.#refreshed;
    return this.#isTold;
  }

  /** Reads the snapshot. Resolves with false if the daemon gave none. */
  async refresh(): Promise<boolean> {
    const outcome = await this.#daemon.request(snapshot, {});
    if (!outcome.ok) {
      this.#log.warn(`the daemon gave no snapshot: ${outcome.code}`);
      return false;
    }
    this.#contacts.clear();
    this.#contacts.set(everyone, unknownContact(everyone, ""));
    for (const contact of outcome.contacts) this.#contacts.set(contact.conversation, contact);
    this.#ownPresence = outcome.ownPresence ?? { state: "available" };
    this.#tell(outcome.session);
    return true;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #begin(waitMs = firstRetryMs): void {
    const refreshed = (this.#refreshed = this.refresh());
    void refreshed.then((done) => {
      const isCurrent = this.#refreshed === refreshed && this.#daemon.link.state === "connected";
      if (done || !isCurrent || this.#disposables.disposed) return;
      this.#retry = this.#setTimer(waitMs, () => this.#begin(Math.min(2 * waitMs, longestRetryMs)));
    });
  }

  #tell(session: SessionState): void {
    const isNews = !this.#isTold || !looksEqual(this.#session, session);
    this.#session = session;
    this.#daemon.speaker = session.account;
    this.#isTold = true;
    if (isNews) this.changed.fire(undefined);
    this.sessionTold.fire(session);
  }
}

/** Compares sessions without the time of the next attempt, which is not shown: nothing needs to be redrawn for it. */
function looksEqual(one: SessionState | undefined, other: SessionState): boolean {
  const shown = (session: SessionState | undefined): string => JSON.stringify({ ...session, retryAtMs: undefined });
  return shown(one) === shown(other);
}

/** Returns a placeholder for a conversation that the daemon has not reported (yet). */
export function unknownContact(conversation: ConversationId, name: string): Contact {
  return { conversation, name, presence: "offline", blocked: false, muted: false, unread: 0 };
}
