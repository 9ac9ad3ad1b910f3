// What this window knows of the person's account: the connection to the daemon, the session and the contacts, kept up to
// date from the daemon's notifications and read anew at every connection. A copy, never the owner; no vscode.

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

/** A daemon that failed at its snapshot (a full disk, a busy machine) is asked again, less and less often. */
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

export interface ContactsChange {
  readonly changed: readonly Contact[];
  readonly removed: readonly ConversationId[];
}

export class SessionStore implements Disposable {
  /** Fires after anything below changed; with what, where only contacts did. */
  readonly changed = new Emitter<ContactsChange | undefined>();
  /** Fires when the daemon said something about the session, also if it said the same again. */
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

  /** As last heard; undefined until the daemon said it for the first time. */
  get session(): SessionState | undefined {
    return this.#session;
  }

  /** The daemon said over the present connection who is signed in; before, it may be somebody else than is known here. */
  get isTold(): boolean {
    return this.#isTold;
  }

  get account(): Account | undefined {
    return this.#session?.account;
  }

  /** What the person says about being there, in whichever window they said it. */
  get ownPresence(): OwnPresence {
    return this.#ownPresence;
  }

  /** Everyone is always among them. */
  get contacts(): readonly Contact[] {
    return [...this.#contacts.values()];
  }

  contact(conversation: ConversationId): Contact | undefined {
    return this.#contacts.get(conversation);
  }

  contactNamed(name: string): Contact | undefined {
    return this.#contacts.get(conversationWith(name));
  }

  /** Waits for a connection and for that word. False where there is none. */
  async told(): Promise<boolean> {
    if (await isReached(this.#daemon)) await this.#refreshed;
    return this.#isTold;
  }

  /** False where the daemon gave nothing. */
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
    const isNews = !this.#isTold || !looksAlike(this.#session, session);
    this.#session = session;
    this.#daemon.speaker = session.account;
    this.#isTold = true;
    if (isNews) this.changed.fire(undefined);
    this.sessionTold.fire(session);
  }
}

/** When a server that is away is tried next is shown nowhere: nothing is drawn anew for it. */
function looksAlike(one: SessionState | undefined, other: SessionState): boolean {
  const shown = (session: SessionState | undefined): string => JSON.stringify({ ...session, retryAtMs: undefined });
  return shown(one) === shown(other);
}

/** For a conversation that the daemon has not told of (yet). */
export function unknownContact(conversation: ConversationId, name: string): Contact {
  return { conversation, name, presence: "offline", blocked: false, muted: false, unread: 0 };
}
