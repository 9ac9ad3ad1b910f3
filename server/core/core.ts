// The server without its sockets and its disk: connections come in, effects leave through the ports. Composes sessions,
// lanes, consents and the dispatcher; owns nothing that outlives it and no timer. Call `sweep` about twice a second.

import { errorTable } from "../../protocol/errors.ts";
import { Connection } from "./connection.ts";
import type { ConnectionWorld } from "./connection.ts";
import { Consents } from "./consents.ts";
import { countOne, Counters } from "./counters.ts";
import type { Census } from "./counters.ts";
import { dispatch } from "./dispatch.ts";
import { Guard } from "./guard.ts";
import type { Link, LinkEvents, Ports } from "./ports.ts";
import { PostOffice } from "./post-office.ts";
import { Presence } from "./presence.ts";
import type { CoreOptions, Services } from "./services.ts";
import { Sessions } from "./sessions.ts";

/** Refusals that are logged between two sweeps; the rest is counted. */
const maxLoggedRefusals = 20;
/** Of an unknown type; every known one is shorter. In UTF-16 units. */
const maxLoggedTypeLength = 32;

export class Core implements Services {
  readonly ports: Ports;
  readonly options: CoreOptions;
  readonly sessions: Sessions;
  readonly office: PostOffice;
  readonly presence: Presence;
  readonly consents: Consents;
  readonly guard = new Guard();
  readonly counters = new Counters();
  readonly #connections = new Set<Connection>();
  readonly #world: ConnectionWorld;
  #lastPushId = 0;
  #refusals = 0;

  constructor(ports: Ports, options: CoreOptions) {
    const { blocks, clock, log, mailbox } = ports;
    const nextPushId = () => this.nextPushId();
    this.ports = ports;
    this.options = options;
    this.office = new PostOffice({ clock, log, mailbox, counters: this.counters, nextPushId });
    this.presence = new Presence({ blocks, sessions: () => this.sessions.all(), nextPushId });
    this.consents = new Consents({ clock, nextPushId });
    this.sessions = new Sessions({
      ...ports,
      office: this.office,
      consents: this.consents,
      presence: this.presence,
      requestsPerSecond: this.requestsPerSecond,
      nextPushId,
    });
    this.#world = this.#connectionWorld();
  }

  get requestsPerSecond(): number {
    return this.options.requestsPerSecond ?? 0;
  }

  /** @param openedMs monotonic time at which the peer connected */
  connect(link: Link, openedMs: number): LinkEvents {
    const connection = new Connection(link, this.#world, openedMs);
    this.#connections.add(connection);
    this.counters.connections += 1;
    return connection;
  }

  nextPushId(): number {
    this.#lastPushId += 1;
    return this.#lastPushId;
  }

  /** Everything that depends on time passing. */
  sweep(): void {
    if (this.ports.accounts.refresh()) this.reconcile();
    const nowMs = this.ports.clock.monotonicMs();
    this.office.sweep(nowMs);
    this.consents.sweep(nowMs);
    this.guard.sweep(nowMs);
    this.sessions.sweep(nowMs);
    for (const connection of this.#connections) connection.sweep(nowMs);
    if (this.#refusals > maxLoggedRefusals) {
      this.ports.log.warn("more_refusals", { count: this.#refusals - maxLoggedRefusals });
    }
    this.#refusals = 0;
  }

  /** Another process changed the accounts: sessions whose account or token is gone end. */
  reconcile(): void {
    for (const session of this.sessions.all()) {
      if (this.ports.accounts.get(session.account.id) === undefined) {
        this.office.remove(session.account);
        this.sessions.end(session, "this account was removed.");
      } else if (!this.ports.tokens.isValid(session.hash)) {
        this.sessions.end(session, "sign in again: the password of this account was changed.");
      }
    }
  }

  /** Looks at everybody: for somebody who asks now and then. */
  census(): Census {
    const census = { connections: this.#connections.size, sessions: 0, linkedSessions: 0, pushesUnderWay: 0 };
    for (const { link, lane } of this.sessions.all()) {
      census.sessions += 1;
      if (link) census.linkedSessions += 1;
      census.pushesUnderWay += lane.underWay;
    }
    return census;
  }

  /** Takes no more requests; what is under way goes to the mailboxes, and every link closes once it was answered. */
  stop(): void {
    for (const connection of this.#connections) connection.valve.hold();
    this.sessions.stop();
    this.office.close();
    this.consents.close();
    for (const connection of this.#connections) connection.finish();
  }

  #connectionWorld(): ConnectionWorld {
    return {
      clock: this.ports.clock,
      requestsPerSecond: this.requestsPerSecond,
      request: (connection, type, id, body) => {
        if (this.ports.accounts.refresh()) this.reconcile();
        dispatch(this, connection, type, id, body);
      },
      pushAnswered: (connection, id, order, body) => {
        const session = connection.owner;
        if (!session) return;
        this.sessions.seen(session);
        if (typeof id === "number") this.sessions.pushAnswered(session, id, body);
        else if (id === undefined) this.consents.answeredInOrder(connection, order, body["result"] === "ok");
      },
      refused: (connection, type, { code }) => {
        countOne(this.counters.refusals, code);
        if (type === "auth") countOne(this.counters.signIns, code);
        this.#refusals += 1;
        if (this.#refusals > maxLoggedRefusals) return;
        const { level } = errorTable[code];
        this.ports.log[level]("refused", {
          type: type.slice(0, maxLoggedTypeLength),
          code,
          user: connection.owner?.account.name,
          address: connection.address,
        });
      },
      linkLost: (connection) => this.sessions.linkLost(connection),
      closed: (connection) => {
        this.#connections.delete(connection);
        this.sessions.linkLost(connection);
      },
    };
  }
}
