// The sessions of all accounts, at most one each [P-3.6]: opening (with a silent take-over or a kill of an earlier one),
// losing and finding a link, and ending by logout, silence or removal. A session outlives its link for a minute, and a
// restart of the server too.

import { limits } from "../../../protocol/limits.ts";
import { loggedInElsewhere } from "../../../protocol/wire/direct.ts";
import { encodeFrame } from "../../../protocol/wire/frame.ts";
import type { JsonObject } from "../../../protocol/wire/frame.ts";
import type { Consents } from "./consents.ts";
import { CallbackChannel } from "../delivery/callback-channel.ts";
import type { DeliveryRouter } from "../delivery/router.ts";
import type { OutcomeReports } from "../delivery/outcome-reports.ts";
import type { Budgets } from "../limits/budgets.ts";
import type { Account, Grant, Ports } from "../ports.ts";
import type { Presence } from "./presence.ts";
import { channelOf, isSamePlace } from "./session.ts";
import type { Session, SessionLink } from "./session.ts";

export interface SessionsContext extends Pick<Ports, "accounts" | "clock" | "log" | "tokens" | "dialler"> {
  readonly router: DeliveryRouter;
  readonly outcomes: OutcomeReports;
  readonly consents: Consents;
  readonly presence: Presence;
  readonly budgets: Budgets;
  nextPushId(): number;
}

type Login = Pick<Session, "account" | "grant" | "hash" | "deviceKey" | keyof Offer>;

/** How a client says that it accepts direct connections, for as long as its session lives [P-4.8]. */
export type Offer = Pick<Session, "addresses" | "direct">;
const noOffer: Offer = { addresses: [], direct: false };

/** How often a session counts as a use of its token [P-3.4]. */
const touchMs = 60 * 60 * 1_000;
/** How often a sign-in is logged: a client that signs in with each request would fill the log. */
const logEveryMs = 60 * 1_000;
/**
 * A client that named a port and does not acknowledge may close its link as soon as it has its answer. So its mailbox is
 * handed out once the link has been open for this long, or else at the port.
 */
const shortLinkMs = 500;

export class Sessions {
  readonly #context: SessionsContext;
  readonly #sessions = new Map<number, Session>();
  #stopping = false;
  /** Grows with every session that begins or ends. */
  #generation = 0;

  constructor(context: SessionsContext) {
    this.#context = context;
  }

  get(account: number): Session | undefined {
    return this.#sessions.get(account);
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** A different number means that other accounts have a session than before. */
  get generation(): number {
    return this.#generation;
  }

  /** Awaits those who were present when the server ended a moment ago: nobody is notified that they left and came back. */
  expectEarlier(): void {
    for (const { hash, grant, state, text } of this.#context.tokens.earlier()) {
      const account = this.#context.accounts.get(grant.account);
      if (!account) continue;
      const session = this.#make({ account, grant, hash, deviceKey: undefined, ...noOffer });
      session.state = state;
      session.text = text;
      session.awaited = true;
      this.#reach(session);
    }
  }

  /** Opens the session on that link; `start` follows once the client has its answer. */
  open(account: Account, grant: Grant, hash: string, link: SessionLink, offer = noOffer): Session {
    const earlier = this.#sessions.get(account.id);
    const same = earlier && (earlier.link === link || isSamePlace(earlier, grant, link.peerKey, hash));
    if (earlier?.link === link) this.#letGo(earlier, link);
    else if (earlier) this.#replace(earlier, link, same === true);
    if (link.owner) this.linkLost(link);
    const login = { account, grant, hash, deviceKey: link.peerKey, ...offer };
    const session = this.#make(login, earlier, same === true);
    session.link = link;
    link.owner = session;
    if (link.gone) this.linkLost(link);
    if (!earlier) this.#context.log.info("session_opened", { user: account.name, address: link.address });
    this.#context.tokens.present(hash, session);
    const { presence } = this.#context;
    if (!earlier || earlier.state !== session.state || earlier.text !== session.text) presence.changed(session);
    return session;
  }

  /** A token was used whose session had ended by silence or with the server [P-3.4]. */
  revive(account: Account, grant: Grant, hash: string): Session {
    const session = this.#make({ account, grant, hash, deviceKey: undefined, ...noOffer });
    this.#context.log.info("session_revived", { user: account.name });
    this.#context.tokens.present(hash, session);
    this.#context.presence.changed(session);
    this.#reach(session);
    return session;
  }

  /** Messages flow from now on. */
  start(session: Session): void {
    if (this.#sessions.get(session.account.id) !== session || !session.link) return;
    const { acks, port } = session.grant;
    const drainMs = acks || port === undefined ? 0 : this.#context.clock.monotonicMs() + shortLinkMs;
    session.queue.attach(session.link, drainMs);
    this.#context.outcomes.start(session);
  }

  /** The link no longer carries its session, which goes on without it for a while. */
  linkLost(link: SessionLink): void {
    const session = link.owner;
    const isItsLink = session?.link === link;
    link.owner = undefined;
    if (isItsLink) session.link = undefined;
    // A client that is answered by these may ask again at once.
    this.#context.consents.lost(link);
    if (!isItsLink) return;
    session.queue.detach();
    this.#context.outcomes.stop(session);
    if (this.#sessions.get(session.account.id) === session) this.#reach(session);
  }

  /** @param kill the reason given to the client, if it did not end the session itself; its link is then closed */
  end(session: Session, kill?: string): void {
    if (this.#sessions.get(session.account.id) !== session) return;
    this.#sessions.delete(session.account.id);
    this.#generation += 1;
    this.#leave(session, kill);
    this.#context.consents.gone(session.account.id);
    this.#context.tokens.present(session.hash, undefined);
    this.#context.log.info("session_ended", { user: session.account.name, killed: kill !== undefined });
    this.#context.presence.left(session);
  }

  /** The server stops: no port is called any more. */
  stop(): void {
    this.#stopping = true;
  }

  seen(session: Session): void {
    session.lastSeenMs = this.#context.clock.monotonicMs();
  }

  /** Whether a sign-in to that session should be logged now. */
  isNews(session: Session): boolean {
    const nowMs = this.#context.clock.monotonicMs();
    if (nowMs - session.loggedMs < logEveryMs) return false;
    session.loggedMs = nowMs;
    return true;
  }

  /** The client answered the push of that id. */
  pushAnswered(session: Session, id: number, body: JsonObject): void {
    if (this.#context.consents.answered(session.account.id, id, body["result"] === "ok")) return;
    if (this.#context.outcomes.answered(session, id)) return;
    session.queue.answered(id, body);
  }

  /** Dropped if there is no channel to the client. */
  push(session: Session, type: string, fields: object): void {
    const id = this.#context.nextPushId();
    channelOf(session)?.push(encodeFrame({ type, ...fields, id }));
  }

  sweep(nowMs: number): void {
    this.#context.outcomes.sweep(nowMs);
    for (const session of this.#sessions.values()) {
      if (nowMs - session.lastSeenMs >= limits.sessionSilenceMs) {
        const { link } = session;
        this.end(session);
        link?.finish();
      } else if (nowMs - session.touchedMs >= touchMs) {
        session.touchedMs = nowMs;
        this.#context.tokens.touch(session.hash);
      }
    }
  }

  /** @param earlier the session of that account until now. @param same it continues */
  #make({ account, grant, hash, deviceKey, addresses, direct }: Login, earlier?: Session, same = false): Session {
    const nowMs = this.#context.clock.monotonicMs();
    const session: Session = {
      account,
      queue: this.#context.router.queueOf(account),
      grant,
      hash,
      deviceKey,
      addresses,
      direct,
      link: undefined,
      callback: undefined,
      state: same && earlier ? earlier.state : "available",
      text: same ? earlier?.text : undefined,
      presenceSeq: this.#context.presence.head,
      partners: earlier?.partners,
      awaited: false,
      budget: earlier?.budget ?? this.#context.budgets.one(nowMs),
      lastSeenMs: nowMs,
      touchedMs: nowMs,
      loggedMs: earlier?.loggedMs ?? -Infinity,
    };
    this.#sessions.set(account.id, session);
    if (!earlier) this.#generation += 1;
    return session;
  }

  /** Its client signed in again on the same link: what is in flight there stays in flight. */
  #letGo(session: Session, link: SessionLink): void {
    this.#context.outcomes.stop(session);
    session.link = link.owner = undefined;
  }

  /** Ends the earlier session; silently if it is on the same device. */
  #replace(earlier: Session, link: SessionLink, same: boolean): void {
    const old = earlier.link;
    if (same && old && old !== link && earlier.grant.acks) this.push(earlier, "taken", {});
    this.#leave(earlier, same ? undefined : loggedInElsewhere);
    if (!same) {
      this.#context.consents.gone(earlier.account.id);
      this.#context.log.info("session_killed", { user: earlier.account.name });
    } else if (old && old !== link) {
      // It may stay open for its own requests, but answers to pushes on it are no longer heard.
      this.#context.consents.lost(old);
      old.finish();
    }
  }

  /** Separates the session from its link and its port. */
  #leave(session: Session, kill: string | undefined): void {
    const { link, callback } = session;
    session.queue.detach();
    this.#context.outcomes.stop(session);
    if (callback) {
      callback.close();
      this.#context.consents.lost(callback);
    }
    if (kill !== undefined) this.push(session, "kill", { reason: kill });
    session.link = session.callback = undefined;
    if (link) link.owner = undefined;
    if (kill !== undefined) link?.finish();
  }

  /**
   * Opens the channel to its port, if it named one [P-6]. In plain JSON, so never for a session that was opened in another
   * way, and never for a client that acknowledges, whose messages wait for it.
   */
  #reach(session: Session): void {
    const { address, port, acks, plain } = session.grant;
    if (port === undefined || acks || !plain || this.#stopping) return;
    const callback = new CallbackChannel(
      this.#context.dialler,
      { address, port },
      {
        answered: (id, body) => {
          if (session.callback === callback) this.pushAnswered(session, id, body);
        },
        flushed: (mark) => {
          if (session.callback === callback) session.queue.flushed(mark);
        },
        failed: () => {
          if (session.callback === callback) session.queue.failed();
        },
        unreached: (id) => this.#context.consents.unreached(id),
      },
    );
    session.callback = callback;
    session.queue.attach(callback);
  }
}
