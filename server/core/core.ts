// The server without its sockets and its disk: connections come in, effects leave through the ports. Composes sessions,
// queues, consents and the dispatcher. Owns no timer, and nothing that outlives it. Call `sweep` about twice a second, and
// `round` four times.

import { errorTable } from "../../protocol/errors.ts";
import { Connection } from "./requests/connection.ts";
import type { ConnectionContext } from "./requests/connection.ts";
import { Consents } from "./sessions/consents.ts";
import { countOne, Counters } from "./counters.ts";
import type { Census } from "./counters.ts";
import { DeliveryRouter } from "./delivery/router.ts";
import { OutcomeReports } from "./delivery/outcome-reports.ts";
import { dispatch } from "./requests/dispatch.ts";
import { LoginThrottle } from "./limits/login-throttle.ts";
import { Budgets } from "./limits/budgets.ts";
import { OnlineList } from "./sessions/online-list.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import type { Link, LinkEvents, Ports } from "./ports.ts";
import { Presence } from "./sessions/presence.ts";
import type { CoreOptions, Services } from "./requests/services.ts";
import { Sessions } from "./sessions/sessions.ts";

/** Refusals that are logged between two sweeps; the rest are only counted. */
const maxLoggedRefusals = 20;
/** Of an unknown request type; every known one is shorter. In UTF-16 units. */
const maxLoggedTypeLength = 32;

export class Core implements Services {
  readonly ports: Ports;
  readonly options: CoreOptions;
  readonly sessions: Sessions;
  readonly router: DeliveryRouter;
  readonly presence: Presence;
  readonly consents: Consents;
  readonly online = new OnlineList();
  readonly guard: LoginThrottle;
  readonly counters = new Counters();
  readonly #budgets: Budgets;
  readonly #connections = new Set<Connection>();
  readonly #context: ConnectionContext;
  #lastPushId = 0;
  #refusals = 0;

  constructor(ports: Ports, options: CoreOptions) {
    const { blocks, clock, log, mailbox, outcomes } = ports;
    const nextPushId = () => this.nextPushId();
    const session = (account: number) => this.sessions.get(account);
    this.ports = ports;
    this.options = options;
    const trusts = options.trusts ?? isLoopback;
    this.guard = new LoginThrottle(trusts);
    this.#budgets = new Budgets(options.requestsPerSecond ?? 0, trusts);
    this.router = new DeliveryRouter({ clock, log, mailbox, counters: this.counters, nextPushId });
    this.presence = new Presence({ clock, blocks, sessions: () => this.sessions.all(), session, nextPushId });
    this.consents = new Consents({ clock, nextPushId, isShared: trusts });
    this.sessions = new Sessions({
      ...ports,
      router: this.router,
      outcomes: new OutcomeReports({ clock, outcomes, session, nextPushId }),
      consents: this.consents,
      presence: this.presence,
      budgets: this.#budgets,
      nextPushId,
    });
    this.#context = this.#connectionContext();
    this.sessions.expectEarlier();
  }

  /** @param openedMs monotonic time at which the peer connected */
  connect(link: Link, openedMs: number): LinkEvents {
    const connection = new Connection(link, this.#context, openedMs);
    this.#connections.add(connection);
    this.counters.connections += 1;
    return connection;
  }

  nextPushId(): number {
    this.#lastPushId += 1;
    return this.#lastPushId;
  }

  /** Does everything that depends on time passing. */
  sweep(): void {
    const nowMs = this.ports.clock.monotonicMs();
    this.router.sweep(nowMs);
    this.consents.sweep(nowMs);
    this.guard.sweep(nowMs);
    this.sessions.sweep(nowMs);
    this.#budgets.sweep(nowMs);
    for (const connection of this.#connections) connection.sweep(nowMs);
    if (this.#refusals > maxLoggedRefusals) {
      this.ports.log.warn("more_refusals", { count: this.#refusals - maxLoggedRefusals });
    }
    this.#refusals = 0;
  }

  /** Sends what changed in people's presence. */
  round(): void {
    this.presence.round();
  }

  /** An operator removed that account; the storage no longer knows it. */
  accountRemoved(id: number): void {
    this.router.remove(id);
    const session = this.sessions.get(id);
    if (session) this.sessions.end(session, "this account was removed.");
  }

  /** An operator changed the password of that account: its session ends. */
  signedOut(id: number): void {
    const session = this.sessions.get(id);
    if (session) this.sessions.end(session, "sign in again: the password of this account was changed.");
  }

  /** Looks at every session: for an observer that asks from time to time. */
  census(): Census {
    const census = { connections: this.#connections.size, sessions: 0, linkedSessions: 0, pushesUnderWay: 0 };
    for (const { link, queue } of this.sessions.all()) {
      census.sessions += 1;
      if (link) census.linkedSessions += 1;
      census.pushesUnderWay += queue.inFlightCount;
    }
    return census;
  }

  /** Accepts no more requests. What is in flight goes to the mailboxes, and every link closes once it has been answered. */
  stop(): void {
    for (const connection of this.#connections) connection.gate.hold();
    this.sessions.stop();
    this.router.close();
    this.consents.close();
    for (const connection of this.#connections) connection.finish();
  }

  #connectionContext(): ConnectionContext {
    return {
      clock: this.ports.clock,
      log: this.ports.log,
      budgets: this.#budgets,
      request: (connection, type, id, body) => dispatch(this, connection, type, id, body),
      pushAnswered: (connection, id, order, body) => {
        const session = connection.owner;
        if (!session) return;
        this.sessions.seen(session);
        if (typeof id === "number") this.sessions.pushAnswered(session, id, body);
        else if (id === undefined) {
          this.consents.answeredInOrder(connection, order, body["result"] === "ok");
          session.queue.answeredInOrder(order);
        }
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
      alive: ({ owner }) => {
        if (owner) this.sessions.seen(owner);
      },
      linkLost: (connection) => this.sessions.linkLost(connection),
      closed: (connection) => {
        this.#connections.delete(connection);
        this.sessions.linkLost(connection);
      },
    };
  }
}
