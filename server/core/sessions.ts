// The sessions of all accounts, at most one each [P-3.6]: opening (with the silent take-over or the kill of an earlier
// one), losing and finding a link, and ending by logout, silence or removal.

import { limits } from "../../protocol/limits.ts";
import { loggedInElsewhere } from "../../protocol/messages/direct.ts";
import { encodeFrame } from "../../protocol/frame.ts";
import type { JsonObject } from "../../protocol/frame.ts";
import { Budget } from "./budget.ts";
import type { Consents } from "./consents.ts";
import { DialOutlet } from "./outlet.ts";
import type { Account, Grant, Ports } from "./ports.ts";
import type { PostOffice } from "./post-office.ts";
import type { Presence } from "./presence.ts";
import { isSamePlace, outletOf } from "./session.ts";
import type { Session, SessionLink } from "./session.ts";

export interface SessionsWorld extends Pick<Ports, "clock" | "log" | "tokens" | "dialler"> {
  readonly office: PostOffice;
  readonly consents: Consents;
  readonly presence: Presence;
  readonly requestsPerSecond: number;
  nextPushId(): number;
}

type Login = Pick<Session, "account" | "grant" | "hash" | "deviceKey" | "addresses">;

/** How often a session counts as a use of its token [P-3.4]. */
const touchMs = 60 * 60 * 1_000;
/**
 * A client that named a port and does not acknowledge may close its link as soon as it has its answer; its mailbox is
 * handed out when the link was kept this long, or else at the port.
 */
const shortLinkMs = 500;

export class Sessions {
  readonly #world: SessionsWorld;
  readonly #sessions = new Map<number, Session>();
  #stopping = false;

  constructor(world: SessionsWorld) {
    this.#world = world;
  }

  get(account: number): Session | undefined {
    return this.#sessions.get(account);
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** Opens the session on that link; `start` follows once the client has its answer. */
  open(account: Account, grant: Grant, hash: string, link: SessionLink, addresses: readonly string[] = []): Session {
    const earlier = this.#sessions.get(account.id);
    const same = earlier && (earlier.link === link || isSamePlace(earlier, grant, link.peerKey));
    if (earlier) this.#replace(earlier, link, same === true);
    if (link.owner) this.linkLost(link);
    const login = { account, grant, hash, deviceKey: link.peerKey, addresses };
    const session = this.#make(login, same === true ? earlier : undefined);
    session.link = link;
    link.owner = session;
    if (link.gone) this.linkLost(link);
    if (!earlier) this.#world.log.info("session_opened", { user: account.name, address: link.address });
    const { presence } = this.#world;
    if (!earlier || earlier.state !== session.state || earlier.text !== session.text) presence.changed(session);
    return session;
  }

  /** A token was used whose session had ended by silence or with the server [P-3.4]. */
  revive(account: Account, grant: Grant, hash: string): Session {
    const session = this.#make({ account, grant, hash, deviceKey: undefined, addresses: [] });
    this.#world.log.info("session_revived", { user: account.name });
    this.#world.presence.changed(session);
    this.#reach(session);
    return session;
  }

  /** Messages flow from now on. */
  start(session: Session): void {
    if (this.#sessions.get(session.account.id) !== session || !session.link) return;
    const { acks, port } = session.grant;
    const drainMs = acks || port === undefined ? 0 : this.#world.clock.monotonicMs() + shortLinkMs;
    session.lane.attach(session.link, drainMs);
  }

  /** The link carries its session no more; the session goes on without it for a while. */
  linkLost(link: SessionLink): void {
    const session = link.owner;
    link.owner = undefined;
    this.#world.consents.lost(link);
    if (session?.link !== link) return;
    session.link = undefined;
    session.lane.detach();
    if (this.#sessions.get(session.account.id) === session) this.#reach(session);
  }

  /** @param kill what the client is told, where the end does not come from itself; its link is closed then */
  end(session: Session, kill?: string): void {
    if (this.#sessions.get(session.account.id) !== session) return;
    this.#sessions.delete(session.account.id);
    this.#leave(session, kill);
    this.#world.consents.gone(session.account.id);
    this.#world.log.info("session_ended", { user: session.account.name, killed: kill !== undefined });
    this.#world.presence.left(session);
  }

  /** The server stops: nobody is called at a port any more. */
  stop(): void {
    this.#stopping = true;
  }

  seen(session: Session): void {
    session.lastSeenMs = this.#world.clock.monotonicMs();
  }

  /** The client answered the push of that id. */
  pushAnswered(session: Session, id: number, body: JsonObject): void {
    const known = this.#world.consents.answered(session.account.id, id, body["result"] === "ok");
    if (!known) session.lane.answered(id, body);
  }

  /** Where there is no way to the client, it is not told. */
  push(session: Session, type: string, fields: object): void {
    const id = this.#world.nextPushId();
    outletOf(session)?.push(id, encodeFrame({ type, ...fields, id }));
  }

  sweep(nowMs: number): void {
    for (const session of this.#sessions.values()) {
      if (nowMs - session.lastSeenMs >= limits.sessionSilenceMs) {
        const { link } = session;
        this.end(session);
        link?.finish();
      } else if (nowMs - session.touchedMs >= touchMs) {
        session.touchedMs = nowMs;
        this.#world.tokens.touch(session.hash);
      }
    }
  }

  /** @param before what it takes over */
  #make({ account, grant, hash, deviceKey, addresses }: Login, before?: Session): Session {
    const nowMs = this.#world.clock.monotonicMs();
    const session: Session = {
      account,
      lane: this.#world.office.laneOf(account),
      grant,
      hash,
      deviceKey,
      addresses,
      link: undefined,
      dial: undefined,
      state: before?.state ?? "available",
      text: before?.text,
      budget: this.#sessions.get(account.id)?.budget ?? new Budget(this.#world.requestsPerSecond, nowMs),
      lastSeenMs: nowMs,
      touchedMs: nowMs,
    };
    this.#sessions.set(account.id, session);
    return session;
  }

  /** The earlier session makes room; silently for the same device. */
  #replace(earlier: Session, link: SessionLink, same: boolean): void {
    const old = earlier.link;
    this.#leave(earlier, same ? undefined : loggedInElsewhere);
    if (!same) {
      this.#world.consents.gone(earlier.account.id);
      this.#world.log.info("session_killed", { user: earlier.account.name });
    } else if (old && old !== link) {
      // It may stay open for its own requests; nobody hears what is answered on it.
      this.#world.consents.lost(old);
      old.finish();
    }
  }

  /** Parts the session from its link and its port. */
  #leave(session: Session, kill: string | undefined): void {
    const { link, dial } = session;
    session.lane.detach();
    if (dial) {
      dial.close();
      this.#world.consents.lost(dial);
    }
    if (kill !== undefined) this.push(session, "kill", { reason: kill });
    session.link = session.dial = undefined;
    if (link) link.owner = undefined;
    if (kill !== undefined) link?.finish();
  }

  /** The way to its port, if it named one [P-6]. */
  #reach(session: Session): void {
    const { address, port, acks } = session.grant;
    if (port === undefined || this.#stopping) return;
    const dial = new DialOutlet(this.#world.dialler, { address, port }, acks, {
      answered: (id, body) => {
        if (session.dial !== dial) return;
        this.seen(session);
        this.pushAnswered(session, id, body);
      },
      taken: (mark) => {
        if (session.dial === dial) session.lane.taken(mark);
      },
      failed: () => {
        if (session.dial === dial) session.lane.failed();
      },
      unreached: (id) => this.#world.consents.unreached(id),
    });
    session.dial = dial;
    session.lane.attach(dial);
  }
}
