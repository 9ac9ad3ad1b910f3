// The sessions of all accounts, at most one each [P-3.6]: opening (with the silent take-over or the kill of an earlier
// one), losing and finding a link, ending by logout, silence or removal, and telling those who asked for presence.

import { limits } from "../../protocol/limits.ts";
import { loggedInElsewhere } from "../../protocol/messages/direct.ts";
import { encodeFrame } from "../../protocol/frame.ts";
import type { JsonObject } from "../../protocol/frame.ts";
import { Budget } from "./budget.ts";
import type { Consents } from "./consents.ts";
import { DialOutlet } from "./outlet.ts";
import type { Account, Grant, Ports } from "./ports.ts";
import type { PostOffice } from "./post-office.ts";
import { outletOf } from "./session.ts";
import type { OwnState, Session, SessionLink } from "./session.ts";

export interface SessionsWorld extends Pick<Ports, "clock" | "log" | "tokens" | "blocks" | "dialler"> {
  readonly office: PostOffice;
  readonly requestsPerSecond: number;
  consents(): Consents;
  nextPushId(): number;
}

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
    const device = { deviceKey: link.peerKey, addresses };
    const session = this.#make(account, grant, hash, device, same === true ? earlier : undefined);
    session.link = link;
    link.owner = session;
    if (link.gone) this.linkLost(link);
    if (!earlier) this.#world.log.info("session_opened", { user: account.name, address: link.address });
    if (!earlier || earlier.state !== session.state || earlier.text !== session.text) this.announce(session);
    return session;
  }

  /** A token was used whose session had ended by silence or with the server [P-3.4]. */
  revive(account: Account, grant: Grant, hash: string): Session {
    const session = this.#make(account, grant, hash, { deviceKey: undefined, addresses: [] }, undefined);
    this.#world.log.info("session_revived", { user: account.name });
    this.announce(session);
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
    this.#world.consents().lost(link);
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
    this.#world.consents().gone(session.account.id);
    this.#world.log.info("session_ended", { user: session.account.name, killed: kill !== undefined });
    this.#tell(session, "offline", { from: session.account.name });
  }

  seen(session: Session): void {
    session.lastSeenMs = this.#world.clock.monotonicMs();
  }

  setPresence(session: Session, state: OwnState, text: string | undefined): void {
    session.state = state;
    session.text = text;
    this.announce(session);
  }

  /** Tells those who asked for presence how it is. */
  announce(session: Session): void {
    const { state, text } = session;
    this.#tell(session, "presence", { from: session.account.name, state, ...(text === undefined ? {} : { text }) });
  }

  /** `watcher` sees `session` no more, or again: a block was made or taken back. */
  showTo(watcher: Session, session: Session, visible: boolean): void {
    if (!watcher.grant.presence) return;
    const { state, text, account } = session;
    if (visible) this.push(watcher, "presence", { from: account.name, state, ...(text === undefined ? {} : { text }) });
    else this.push(watcher, "offline", { from: account.name });
  }

  /** The client answered the push of that id. */
  pushAnswered(session: Session, id: number, body: JsonObject): void {
    const known = this.#world.consents().answered(session.account.id, id, body["result"] === "ok");
    if (!known) session.lane.answered(id, body);
  }

  /** @returns the id of the push, or undefined when there is no way to the client */
  push(session: Session, type: string, fields: object, answerMs?: number): number | undefined {
    const outlet = outletOf(session);
    if (!outlet) return undefined;
    const id = this.#world.nextPushId();
    outlet.push(id, encodeFrame({ type, ...fields, id }), answerMs);
    return id;
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

  #make(
    account: Account,
    grant: Grant,
    hash: string,
    { deviceKey, addresses }: Pick<Session, "deviceKey" | "addresses">,
    before: Session | undefined,
  ): Session {
    const nowMs = this.#world.clock.monotonicMs();
    const lane = this.#world.office.laneOf(account);
    const session: Session = {
      account,
      lane,
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
    this.#leave(earlier, same || old === link ? undefined : loggedInElsewhere);
    if (same) {
      if (!old || old === link) return;
      // It may stay open for its own requests; nobody hears what is answered on it.
      this.#world.consents().lost(old);
      old.finish();
      return;
    }
    this.#world.consents().gone(earlier.account.id);
    this.#world.log.info("session_killed", { user: earlier.account.name });
  }

  /** Parts the session from its link and its port. */
  #leave(session: Session, kill: string | undefined): void {
    const { link, dial } = session;
    session.lane.detach();
    if (dial) {
      dial.close();
      this.#world.consents().lost(dial);
    }
    if (kill !== undefined) this.push(session, "kill", { reason: kill });
    session.link = session.dial = undefined;
    if (link) link.owner = undefined;
    if (kill !== undefined) link?.finish();
  }

  /** The way to its port, if it named one [P-6]. */
  #reach(session: Session): void {
    const { address, port, acks } = session.grant;
    if (port === undefined) return;
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
      unreached: (id) => this.#world.consents().unreached(id),
    });
    session.dial = dial;
    session.lane.attach(dial);
  }

  #tell(about: Session, type: string, fields: object): void {
    const id = this.#world.nextPushId();
    const line = encodeFrame({ type, ...fields, id });
    for (const session of this.#sessions.values()) {
      if (!session.grant.presence || session.account.id === about.account.id) continue;
      if (this.#world.blocks.has(about.account.id, session.account.id)) continue;
      outletOf(session)?.push(id, line);
    }
  }
}

/**
 * The same installation: by the key that it proved, by its own word only where neither proved one [P-1.9]. Or, for clients
 * that name none and keep no link, the same listener.
 */
function isSamePlace({ grant: before, link, deviceKey }: Session, grant: Grant, peerKey: string | undefined): boolean {
  if (deviceKey !== undefined || peerKey !== undefined) return deviceKey === peerKey;
  if (grant.device !== undefined && grant.device !== "") return before.device === grant.device;
  return (
    !link &&
    before.device === undefined &&
    before.port !== undefined &&
    before.port === grant.port &&
    before.address === grant.address
  );
}
